/** What is said of files that may not be looked at. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { linkTargetAt, lstatAt, namesIn } from '../../../local/disk-entries.ts';

describe('a file that cannot be looked at', () => {
  it('is named by its whole path, whatever it is below', () => {
    const root = mkdtempSync(join(tmpdir(), 'naru-entries-'));
    // Longer than a name can be: refused to root as well.
    const name = 'x'.repeat(300);
    try {
      for (const look of [lstatAt, namesIn, linkTargetAt])
        assert.throws(() => look(root, name), {
          message: `cannot read ${root}/${name}: ENAMETOOLONG`,
        });
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
