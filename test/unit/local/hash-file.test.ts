/** Hashing one file: what is told of it while it changes. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { hashFile } from '../../../local/hash-file.ts';
import { HashWatch } from '../../../local/hash-watch.ts';

describe('hashing a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'naru-hash-file-'));
  after(() => rmSync(folder, { recursive: true }));

  for (const [what, nChanges, isStable] of [
    ['does not change', 0, true],
    ['changes once', 1, true],
    ['changes again and again', 3, false],
  ] as const) {
    it(`counts its bytes once where it ${what}`, () => {
      const path = join(folder, 'file');
      writeFileSync(path, 'ten bytes.');
      let left: number = nChanges;
      const watch = new HashWatch();
      const addBytes = watch.addBytes.bind(watch);
      watch.addBytes = (nBytes) => {
        addBytes(nBytes);
        if (nBytes > 0 && left > 0) utimesSync(path, 1, left--);
      };
      const outcome = hashFile(path, watch);
      assert.ok(outcome.kind === 'hashed');
      assert.equal(outcome.isStable, isStable);
      assert.deepEqual(watch.progress(), { nFiles: 1, bytes: 10 });
    });
  }
});
