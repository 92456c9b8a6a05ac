/** At most so many tasks at once; the others wait in order. */

export class Slots {
  readonly #waiting: (() => void)[] = [];
  #nFree: number;

  constructor(nSlots: number) {
    this.#nFree = Math.max(1, nSlots);
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#nFree > 0) this.#nFree -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#nFree += 1;
      else next();
    }
  }
}
