/** Keeps a container's log within `max-size`: looks at it whenever it grew and renames it when it is too long. */

import { type FSWatcher, statSync, watch } from 'node:fs';
import { dirname } from 'node:path';

import { rotateLog } from './container-log.ts';

export interface RotationOptions {
  readonly logFile: string;
  readonly maxSizeBytes: number;
  /** With the current one. */
  readonly maxFiles: number;
  /** conmon's directory. */
  readonly monitorDirectory: string;
}

/** Works until `close`. */
export class LogRotation {
  private readonly options: RotationOptions;
  private readonly watcher: FSWatcher;
  private isRotating = false;

  constructor(options: RotationOptions) {
    this.options = options;
    // The directory, because the file under this name is a new one after each rotation.
    this.watcher = watch(dirname(options.logFile), () => this.check());
  }

  close(): void {
    this.watcher.close();
  }

  private check(): void {
    const { logFile, maxSizeBytes, maxFiles, monitorDirectory } = this.options;
    const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
    if (this.isRotating || size < maxSizeBytes) return;
    this.isRotating = true;
    // A log that cannot be renamed just grows on; the next write tries again.
    void rotateLog(logFile, maxFiles, monitorDirectory)
      .catch(() => undefined)
      .finally(() => (this.isRotating = false));
  }
}
