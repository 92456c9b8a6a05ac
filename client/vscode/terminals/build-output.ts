/** A build's events as lines of a terminal: each step with its state and time, and what its command writes. */

import { basename } from 'node:path';

import type { BuildEvent } from '../../../core/protocol/build.ts';
import { NaruError } from '../../../core/errors.ts';
import type { WriteOutput } from './stream-terminal.ts';

const GREEN = '\u001b[32m';
const YELLOW = '\u001b[33m';
const DIM = '\u001b[2m';
const RESET = '\u001b[0m';

export class BuildOutput {
  readonly #write: WriteOutput;
  readonly #report: (step: string) => void;
  #image: string | undefined;

  /** `report` gets the step that runs now, for a progress notification. */
  constructor(write: WriteOutput, report: (step: string) => void) {
    this.#write = write;
    this.#report = report;
  }

  /** ID of the image, once the build has made it. */
  get image(): string | undefined {
    return this.#image;
  }

  /** @throws NaruError for the event that ends a failed build */
  show(event: BuildEvent): void {
    switch (event.type) {
      case 'started':
      case 'fetch':
        return;
      case 'begin':
        this.#report(event.instruction);
        this.#write(`${YELLOW}→${RESET} ${event.instruction}\n`);
        return;
      case 'step':
        this.#showStep(event);
        return;
      case 'log':
        this.#write(`${DIM}${event.text}${RESET}`);
        return;
      case 'pull':
        this.#report(`${event.reference} ${percent(event.bytes, event.totalBytes)}`);
        return;
      case 'warning':
        this.#write(`${YELLOW}${event.line}: ${event.message}${RESET}\n`);
        return;
      case 'error': {
        const location = {
          file: event.file,
          start: { line: event.line - 1, column: Math.max(0, event.column - 1) },
        };
        const place = event.line > 0 ? `${basename(event.file)}:${event.line}: ` : '';
        throw new NaruError('invalid-argument', event.code, `${place}${event.message}`, {
          ...(event.line > 0 ? { location } : {}),
          ...(event.hint === undefined ? {} : { hint: event.hint }),
        });
      }
      case 'result':
        this.#image = event.image;
        this.#write(`${GREEN}✓ ${event.tags.join(' ')}${RESET} ${event.image.slice(0, 19)}\n`);
    }
  }

  /** A step that ran was announced when it began; now only its time is news. */
  #showStep(event: Extract<BuildEvent, { type: 'step' }>): void {
    if (event.state === 'FREE' || event.state === 'SKIPPED') return;
    if (event.state !== 'RUN')
      this.#write(`${GREEN}✓${RESET} ${event.instruction} ${GREEN}${event.state}${RESET}\n`);
    else if (event.seconds >= 0.05) this.#write(`${DIM}  ${event.seconds.toFixed(1)} s${RESET}\n`);
  }
}

function percent(done: number, total: number): string {
  return total > 0 ? `${Math.round((100 * done) / total)} %` : '';
}
