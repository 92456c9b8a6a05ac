/**
 * The keys that leave a terminal without ending its process; Docker's default is `ctrl-p,ctrl-q`.
 * Engine and client both look for them: the engine for any client, ours to know why the stream ended.
 */

import { NaruError } from '../errors.ts';

export interface Typed {
  /** What goes on to the process. */
  readonly data: Uint8Array;
  readonly isDetach: boolean;
}

const DEFAULT_KEYS = 'ctrl-p,ctrl-q';
const CONTROL: Readonly<Record<string, number>> = { '@': 0, '[': 27, '\\': 28, ']': 29, '^': 30, _: 31 };

/** Looks for the sequence in what is typed; a begun sequence is held back until it is clear. */
export class DetachKeys {
  private readonly keys: readonly number[];
  private nMatched = 0;

  /** @throws NaruError "invalid-argument" in Docker's words */
  constructor(spelling: string | undefined) {
    this.keys = (spelling ?? DEFAULT_KEYS)
      .split(',')
      .filter((key) => key !== '')
      .map(keyCode);
  }

  accept(chunk: Uint8Array): Typed {
    if (this.keys.length === 0) return { data: chunk, isDetach: false };
    const out: number[] = [];
    for (const byte of chunk) {
      if (byte === this.keys[this.nMatched]) {
        this.nMatched += 1;
        if (this.nMatched === this.keys.length) return { data: Uint8Array.from(out), isDetach: true };
        continue;
      }
      out.push(...this.keys.slice(0, this.nMatched));
      this.nMatched = byte === this.keys[0] ? 1 : 0;
      if (this.nMatched === 0) out.push(byte);
    }
    return { data: Uint8Array.from(out), isDetach: false };
  }
}

function keyCode(key: string): number {
  if (key.length === 1) return key.charCodeAt(0);
  const control = /^ctrl-([a-z@[\\\]^_])$/.exec(key)?.[1];
  if (control === undefined) {
    throw new NaruError('invalid-argument', 'E_DETACH_KEYS', `Invalid detach keys (${key}) provided`);
  }
  return CONTROL[control] ?? control.charCodeAt(0) - 96;
}
