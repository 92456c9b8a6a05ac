/**
 * Keeps contents that a later member of the same archive replaces, so that the archive's exact bytes can still be given back.
 * Real archives rarely do that; the directory is made when it happens.
 */

import * as fs from 'node:fs';
import { join } from 'node:path';

import { joinPath, listDirectory } from './overlay-files.ts';

/** For one extraction. Contents are named by their ordinal in the recipe. */
export class ContentSpill {
  private readonly directory: string;
  private readonly ordinals = new Map<number, number>();

  constructor(directory: string) {
    this.directory = directory;
  }

  /** A file that holds the content of this ordinal was just made. */
  remember(stats: fs.Stats, ordinal: number): void {
    this.ordinals.set(stats.ino, ordinal);
  }

  /** Where the content of an ordinal lies that is no file of the snapshot. */
  pathFor(ordinal: number): string {
    fs.mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    return join(this.directory, String(ordinal));
  }

  /** To be called before a file or tree is removed. @returns bytes of the contents that go away */
  keepBeforeRemoval(path: string | Buffer): number {
    const stats = fs.lstatSync(path);
    if (stats.isDirectory()) {
      return listDirectory(path).reduce((sum, name) => sum + this.keepBeforeRemoval(joinPath(path, name)), 0);
    }
    const ordinal = this.ordinals.get(stats.ino);
    if (ordinal === undefined || !stats.isFile()) return 0;
    this.ordinals.delete(stats.ino);
    fs.copyFileSync(path, this.pathFor(ordinal), fs.constants.COPYFILE_FICLONE);
    return stats.nlink > 1 ? 0 : stats.size;
  }
}
