/** What those who wait for digests share with the threads that make them (hash-pool.ts): how far they are, and whether anybody still waits. */

export interface HashProgress {
  /** Read to their ends. */
  readonly nFiles: number;
  /** Of those, and of what is being read. */
  readonly bytes: number;
}

const CANCELLED = 0;
const N_FILES = 1;
const BYTES = 2;

/** Made by one thread; the others make theirs over its `memory`. */
export class HashWatch {
  readonly memory: SharedArrayBuffer;
  readonly #cells: BigInt64Array;

  constructor(memory = new SharedArrayBuffer(3 * BigInt64Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#cells = new BigInt64Array(memory);
  }

  /** Nobody waits any more: threads give up between two reads. */
  cancel(): void {
    Atomics.store(this.#cells, CANCELLED, 1n);
  }

  get isCancelled(): boolean {
    return Atomics.load(this.#cells, CANCELLED) !== 0n;
  }

  addFile(): void {
    Atomics.add(this.#cells, N_FILES, 1n);
  }

  /** Less than none for those that are read again. */
  addBytes(nBytes: number): void {
    Atomics.add(this.#cells, BYTES, BigInt(nBytes));
  }

  progress(): HashProgress {
    return {
      nFiles: Number(Atomics.load(this.#cells, N_FILES)),
      bytes: Number(Atomics.load(this.#cells, BYTES)),
    };
  }
}
