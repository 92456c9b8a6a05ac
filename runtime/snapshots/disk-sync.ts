/**
 * Brings layers to disk, one run at a time. syncfs(2) takes everything there is, so one run serves all that are complete when it starts:
 * it starts when somebody needs one of them on disk, otherwise a while after the first, so that a build of many short steps does not have the disk write after each.
 */

export interface DiskSyncOptions {
  /** Begins at once and brings everything to disk that was written before. */
  readonly sync: () => Promise<void>;
  /** How long a layer waits at most for others, in milliseconds. */
  readonly delayMs: number;
  /** These are on disk; called before `finished` is fulfilled. */
  readonly onDisk: (names: readonly string[]) => void;
  /** Nobody knows what of these the disk has; called before `finished` is rejected. */
  readonly onLost: (names: readonly string[], cause: unknown) => void;
}

/** One run, and those it is for. */
interface Run {
  readonly names: Set<string>;
  readonly done: Promise<void>;
  /** Starts it, once the one before is over; a second call does nothing. */
  readonly start: () => void;
  /** Why it need not run. */
  fault?: { readonly cause: unknown };
}

/**
 * By name of the snapshot. A run that fails is not repeated: the kernel tells an error once, and another run would succeed without the data (syncfs(2), "fsyncgate").
 * What was complete by then is lost, also what waits for the next run, as the error may have been about that.
 */
export class DiskSync {
  readonly #options: DiskSyncOptions;
  readonly #runs = new Map<string, Run>();
  #running: Promise<void> = Promise.resolve();
  /** Has not started yet. */
  #next: Run | undefined;

  constructor(options: DiskSyncOptions) {
    this.#options = options;
  }

  /** The snapshot is complete. */
  begin(name: string): void {
    this.#next ??= this.#newRun();
    this.#next.names.add(name);
    this.#runs.set(name, this.#next);
  }

  /** Somebody needs it on disk now. */
  hurry(name: string): void {
    this.#runs.get(name)?.start();
  }

  /** Fulfilled when it is on disk, as far as `begin` was asked. @throws what `sync` throws */
  async finished(name: string): Promise<void> {
    await this.#runs.get(name)?.done;
  }

  /** The snapshot is gone: nobody asks any more. */
  forget(name: string): void {
    this.#runs.get(name)?.names.delete(name);
    this.#runs.delete(name);
  }

  /** Does at once what is left to do, and waits for it; `finished` tells how it went. */
  async close(): Promise<void> {
    const left = this.#next;
    left?.start();
    await (left?.done ?? this.#running).catch(() => undefined);
  }

  #newRun(): Run {
    const names = new Set<string>();
    let start: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      start = resolve;
    });
    const timer = setTimeout(start, this.#options.delayMs).unref();
    const done = asked.then(async () => {
      clearTimeout(timer);
      await this.#running.catch(() => undefined);
      if (run.fault !== undefined) throw run.fault.cause;
      this.#next = undefined;
      this.#running = this.#options.sync();
      await this.#running.catch((error: unknown) => this.#fail(run, error));
      this.#options.onDisk([...names]);
      for (const name of names) this.#runs.delete(name);
    });
    done.catch(() => undefined); // told by `finished`
    const run: Run = { names, done, start };
    return run;
  }

  #fail(run: Run, cause: unknown): never {
    const next = this.#next;
    this.#next = undefined;
    if (next !== undefined) next.fault = { cause };
    next?.start();
    this.#options.onLost([...run.names, ...(next?.names ?? [])], cause);
    throw cause;
  }
}
