/** What is going on, in one line of the terminal that is written over and gone at the end. Nothing without a terminal, and nothing for what takes no time. */

import type { CliIo } from './io.ts';
import { displayWidth } from './table.ts';

/** Something that takes less is not worth a line. */
const PATIENCE_MS = 800;
const INTERVAL_MS = 100;

export class StatusLine {
  readonly #stderr: CliIo['stderr'];
  #text = '';
  #isShown = false;
  #timer: NodeJS.Timeout | undefined;

  constructor({ stderr }: CliIo) {
    this.#stderr = stderr;
  }

  /** Shown soon, unless something newer comes before. */
  update(text: string): void {
    this.#text = text;
    if (!this.#stderr.isTTY || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#show(), this.#isShown ? INTERVAL_MS : PATIENCE_MS).unref();
  }

  /** Takes the line away; a later update brings it back. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#isShown) this.#stderr.write(CLEAR_LINE);
    this.#isShown = false;
  }

  #show(): void {
    this.#timer = undefined;
    this.#isShown = true;
    this.#stderr.write(`${CLEAR_LINE}${cut(this.#text, (this.#stderr.columns ?? 80) - 1)}`);
  }
}

const CLEAR_LINE = '\r\u001B[K';

/** A line that wraps could not be written over. */
function cut(text: string, columns: number): string {
  let line = '';
  let width = 0;
  for (const char of text) {
    width += displayWidth(char);
    if (width > columns) break;
    line += char;
  }
  return line;
}
