/** A complete directory gets its place in the same transaction as its row, or keeps the one it has. */

import * as fs from 'node:fs';

import type { MetadataStore } from '../store/metadata.ts';

/** `place` (synchronous) writes the row and answers where the directory belongs. @throws what `place` throws, and NaruError "unavailable" E_DISK_FULL */
export function adoptDirectory(metadata: MetadataStore, directory: string, place: () => string): void {
  let target = directory;
  try {
    metadata.transaction(() => {
      target = place();
      fs.renameSync(directory, target);
    });
  } catch (error) {
    // A number that was not committed is given again: nothing may lie in its place.
    if (!fs.existsSync(directory)) fs.renameSync(target, directory);
    throw error;
  }
}
