/** Layers that a build asks its client for, and what the client sends. One per build. */

import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';

import { NaruError } from '../../core/errors.ts';
import type { Digest } from '../../core/oci/digest.ts';

/** A client that does not begin to send by then has left. */
const PATIENCE_MS = 60_000;

interface Waiting {
  readonly take: (body: Readable) => void;
}

export class LayerRequests {
  readonly #waiting = new Map<Digest, Waiting>();

  /** Waits for the client to send it; `ask` tells it to. @throws NaruError "not-found" when it does not, "cancelled" */
  async request(diffId: Digest, ask: () => void, signal: AbortSignal): Promise<Readable> {
    const whole = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#waiting.delete(diffId);
        reject(
          signal.aborted
            ? new NaruError('cancelled', 'E_CANCELLED', 'the build was cancelled')
            : new NaruError('not-found', 'E_CACHE_LAYER', `layer ${diffId} was not sent`),
        );
      };
      whole.addEventListener('abort', stop, { once: true });
      this.#waiting.set(diffId, {
        take: (body) => {
          whole.removeEventListener('abort', stop);
          this.#waiting.delete(diffId);
          resolve(body);
        },
      });
      ask();
      if (whole.aborted) stop();
    });
  }

  /** Hands a layer over and resolves when it was read, or when its reader had enough. @throws NaruError "conflict" when nobody waits for it */
  async offer(diffId: Digest, body: Readable): Promise<void> {
    const waiting = this.#waiting.get(diffId);
    if (waiting === undefined) {
      throw new NaruError('conflict', 'E_CACHE_LAYER', `the build does not wait for layer ${diffId}`);
    }
    waiting.take(body);
    await finished(body).catch(() => undefined); // the build says what was wrong with it
  }
}
