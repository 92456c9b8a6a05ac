/** How long the steps of a build have been running, in the status line: a command that says nothing still shows that it goes on. */

import type { CliIo } from '../io.ts';
import { StatusLine } from '../status-line.ts';
import { formatSeconds } from '../units.ts';

const TICK_MS = 1000;

export class StepClock {
  readonly #status: StatusLine;
  readonly #isAtLineStart: () => boolean;
  readonly #running = new Map<string, { readonly text: string; readonly startedAt: number }>();
  #ticks: NodeJS.Timeout | undefined;

  /** Nothing is shown while somebody's line has no end yet. */
  constructor(io: CliIo, isAtLineStart: () => boolean) {
    this.#status = new StatusLine(io);
    this.#isAtLineStart = isAtLineStart;
  }

  begin(key: string, text: string): void {
    this.#running.set(key, { text, startedAt: performance.now() });
    this.#ticks ??= setInterval(() => this.#tick(), TICK_MS).unref();
  }

  end(key: string): void {
    this.#running.delete(key);
    if (this.#running.size === 0) this.stop();
  }

  /** Before something else is written. */
  hide(): void {
    this.#status.clear();
  }

  stop(): void {
    clearInterval(this.#ticks);
    this.#ticks = undefined;
    this.#running.clear();
    this.#status.clear();
  }

  /** The oldest step; with others beside it, how many. */
  #tick(): void {
    const [oldest] = this.#running.values();
    if (oldest === undefined || !this.#isAtLineStart()) return;
    const others = this.#running.size > 1 ? ` (and ${this.#running.size - 1} more)` : '';
    const seconds = Math.round((performance.now() - oldest.startedAt) / 1000);
    this.#status.update(`${formatSeconds(seconds)} ${oldest.text}${others}`);
  }
}
