/**
 * Hard links of a source stay hard links in the copy, as fsutil keeps them: `git` has a hundred names for one program.
 * Unlike the links of link-file.ts, these are the user's own, and the image has them.
 */

import * as fs from 'node:fs';

import type { LandedFile } from '../../core/build/landed-files.ts';
import { errorCode } from '../../local/error-code.ts';

/** Of one copy into one layer, whose files keep their paths until it is whole. */
export class HardLinks {
  /** Where the first name of each file landed. */
  readonly #first = new Map<string, string | Buffer>();

  /**
   * Makes `target` a link to where another name of its file landed; false where none did yet, or none more can be made.
   * Docker: each source directory is copied by itself, each match of a pattern too, and a file that a source names (BuildKit 28.5.2, measured).
   *
   * @throws EEXIST when something is there
   */
  linkToTwin(file: LandedFile, target: string | Buffer): boolean {
    const key = keyOf(file);
    const twin = key === undefined ? undefined : this.#first.get(key);
    if (twin === undefined) return false;
    try {
      fs.linkSync(twin, target);
      return true;
    } catch (error) {
      if (errorCode(error) !== 'EMLINK') throw error;
      return false;
    }
  }

  /** The file was made. */
  add(file: LandedFile, target: string | Buffer): void {
    const key = keyOf(file);
    if (key !== undefined) this.#first.set(key, target);
  }
}

/** With what the key of the step says of the file: a context may have been read while the file was written. */
function keyOf({ digest, inode, mode, nthDirectory }: LandedFile): string | undefined {
  if (inode === undefined || nthDirectory === undefined) return undefined;
  return `${nthDirectory} ${inode} ${mode} ${digest ?? ''}`;
}
