/** Brings layers to disk, one run at a time: syncfs(2) takes everything there is, so who asks while one runs shares the next with all others. */

/** By number of the snapshot. */
export class DiskSync {
  readonly #sync: () => Promise<void>;
  readonly #pending = new Map<number, Promise<void>>();
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  /** `sync` begins at once and brings everything to disk that was written before. */
  constructor(sync: () => Promise<void>) {
    this.#sync = sync;
  }

  /** The snapshot of that number is complete. `onDisk` is called before `finished` is fulfilled, which tells how it went. */
  begin(number: number, onDisk: () => void = () => undefined): void {
    const syncing = this.#request().then(onDisk);
    this.#pending.set(number, syncing);
    syncing.then(
      () => this.forget(number),
      () => undefined,
    );
  }

  /** Fulfilled when it is on disk, as far as `begin` was asked. @throws what `sync` throws */
  async finished(number: number): Promise<void> {
    await this.#pending.get(number);
  }

  /** The snapshot is gone: nobody asks any more. */
  forget(number: number): void {
    this.#pending.delete(number);
  }

  #request(): Promise<void> {
    if (this.#running === undefined) return this.#start();
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#start();
      });
    return this.#next;
  }

  #start(): Promise<void> {
    const running = this.#sync().finally(() => {
      if (this.#running === running) this.#running = undefined;
    });
    this.#running = running;
    return running;
  }
}
