/** Gathers pieces of an archive, and the contents of files without a copy between, into large chunks. Synchronous, for a worker thread. */

import * as fs from 'node:fs';

import { NaruError } from '../../core/errors.ts';

const CAPACITY_BYTES = 256 * 1024;

/** Its chunks share one memory: each is used before the next is asked for. */
export class ChunkBuffer {
  readonly #memory = Buffer.allocUnsafe(CAPACITY_BYTES);
  #filled = 0;

  /** Yields chunks that are full; the rest stays. */
  *put(bytes: Uint8Array): Generator<Uint8Array, void, void> {
    for (let at = 0; at < bytes.length; ) {
      if (this.#filled === CAPACITY_BYTES) yield this.take();
      const part = bytes.subarray(at, at + CAPACITY_BYTES - this.#filled);
      this.#memory.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
    }
  }

  /** A file of exactly `size` bytes. @throws NaruError "internal" E_LAYER_RECIPE when it has another size */
  *putFile(path: string | Buffer, size: number): Generator<Uint8Array, void, void> {
    const fd = fs.openSync(path, 'r');
    try {
      let left = size;
      for (let isMore = true; isMore; ) {
        // One byte more is asked for than there should be: a file that has just its size says so without being read again.
        if (CAPACITY_BYTES - this.#filled < Math.min(left + 1, CAPACITY_BYTES)) yield this.take();
        const wanted = Math.min(left + 1, CAPACITY_BYTES - this.#filled);
        const read = fs.readSync(fd, this.#memory, this.#filled, wanted, null);
        left -= read;
        if (left < 0 || (read < wanted && left > 0)) throw changed(path, size);
        this.#filled += read;
        isMore = left > 0 || read === wanted;
      }
    } finally {
      fs.closeSync(fd);
    }
  }

  /** What is in it; it is empty then. */
  take(): Uint8Array {
    const chunk = this.#memory.subarray(0, this.#filled);
    this.#filled = 0;
    return chunk;
  }
}

function changed(path: string | Buffer, size: number): NaruError {
  return new NaruError(
    'internal',
    'E_LAYER_RECIPE',
    `${path.toString()} does not have ${size} bytes any more`,
    {
      hint: 'the image must be loaded or pulled again',
    },
  );
}
