/** Directories that nobody needs any more: removed in a thread, many at once and a while later, so that no step of a build waits for it. What an engine that is killed leaves is found at the next start. */

/** One per snapshotter. */
export class Leftovers {
  readonly #remove: (paths: readonly string[]) => Promise<void>;
  readonly #delayMs: number;
  #paths: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #removing: Promise<void> = Promise.resolve();

  /** Some of the paths that `remove` is given are not there any more. */
  constructor(remove: (paths: readonly string[]) => Promise<void>, delayMs: number) {
    this.#remove = remove;
    this.#delayMs = delayMs;
  }

  add(...paths: readonly string[]): void {
    this.#paths.push(...paths);
    this.#timer ??= setTimeout(() => this.#begin(), this.#delayMs).unref();
  }

  /** All are gone, as far as they can be. */
  async close(): Promise<void> {
    this.#begin();
    await this.#removing;
  }

  #begin(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const paths = this.#paths.splice(0);
    if (paths.length === 0) return;
    const removing = this.#remove(paths).catch(() => undefined); // without its thread: the next start does it
    this.#removing = Promise.all([this.#removing, removing]).then(() => undefined);
  }
}
