/** Exit codes as conmon leaves them: one file per container in a shared directory, watched while the engine runs and read at its start. */

import { type FSWatcher, mkdirSync, readFileSync, rmSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';

export interface Exit {
  readonly exitCode: number;
  readonly finishedAt: Date;
}

/** Calls `onExit` for each file that appears, until `close`. A file that was there before is not told: `readExit` finds it. */
export class ExitWatcher {
  private readonly directory: string;
  private readonly watcher: FSWatcher;
  private readonly onExit: (id: string, exit: Exit) => void;

  constructor(directory: string, onExit: (id: string, exit: Exit) => void) {
    mkdirSync(directory, { recursive: true });
    this.directory = directory;
    this.onExit = onExit;
    this.watcher = watch(directory, (_event, name) => {
      // conmon writes `.<id>.XXXX` and renames it.
      if (name === null || name.startsWith('.')) return;
      const exit = this.readExit(name);
      if (exit !== undefined) onExit(name, exit);
    });
  }

  /** undefined while it runs, or when its monitor died. */
  readExit(id: string): Exit | undefined {
    const file = join(this.directory, id);
    try {
      const text = readFileSync(file, 'utf8').trim();
      return text === '' ? undefined : { exitCode: Number(text), finishedAt: statSync(file).mtime };
    } catch {
      // Not there: it has not ended, or was forgotten between the event and this line.
      return undefined;
    }
  }

  /** Tells of an end that no file tells of. */
  report(id: string, exit: Exit): void {
    this.onExit(id, exit);
  }

  /** So that the next run of the same container starts clean. */
  forget(id: string): void {
    rmSync(join(this.directory, id), { force: true });
  }

  close(): void {
    this.watcher.close();
  }
}
