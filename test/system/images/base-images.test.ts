/** `npm run base-images`: says what it is making, and only paths on stdout. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { requireRoot } from '../../support/skip.ts';

const SCRIPT = join(import.meta.dirname, '../../../scripts/base-images.ts');

describe('base images', function () {
  this.timeout(60_000);
  let cache = '';

  before(function () {
    requireRoot(this);
    cache = mkdtempSync(join(tmpdir(), 'naru-bases-'));
  });
  after(() => {
    if (cache !== '') rmSync(cache, { recursive: true, force: true });
  });

  function make(): { readonly stdout: string; readonly stderr: string } {
    return spawnSync(process.execPath, [SCRIPT, 'busybox'], {
      encoding: 'utf8',
      env: { ...process.env, NARU_CACHE: cache },
    });
  }

  it('are announced while they are made, and not when they are there', () => {
    const first = make();
    assert.match(first.stderr, /^\[\d+s\] making busybox\.tar from the busybox-static package\n/);
    assert.equal(existsSync(first.stdout.trim()), true);
    assert.deepEqual([make().stdout, make().stderr], [first.stdout, '']);
  });
});
