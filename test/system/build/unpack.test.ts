/** ADD of a tar archive, member by member: what BuildKit makes of unusual ones (dockerd 28.5.2, measured). Needs root, for owners. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { TarEntry } from '../../../core/tar/entry.ts';
import { unpackArchive } from '../../../runtime/build/unpack-archive.ts';
import { requireRoot } from '../../support/skip.ts';
import { tarOf } from '../snapshotter-suite.ts';

describe('an archive that is added', () => {
  let root = '';
  before(function () {
    requireRoot(this);
  });
  beforeEach(() => (root = fs.mkdtempSync(join(tmpdir(), 'naru-unpack-'))));
  afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

  async function unpack(...members: readonly Partial<TarEntry>[]): Promise<void> {
    const source = tarOf(...members);
    await unpackArchive({ root, destination: '/x', source, signal: new AbortController().signal });
  }

  function look(name: string): string {
    const { mode, uid, gid, mtimeMs, nlink } = fs.lstatSync(join(root, 'x', name));
    return `${(mode & 0o7777).toString(8)} ${uid}:${gid} ${mtimeMs / 1000} ${nlink}`;
  }

  it('gives a file the mode, owner and time of the last of its names', async () => {
    await unpack(
      { path: 'f', kind: 'file', mode: 0o600, uid: 5, gid: 6, mtimeNs: 1_000_000_000_000n },
      { path: 'l', kind: 'hardlink', linkTarget: 'f', mode: 0o644, mtimeNs: 2_000_000_000_000n },
    );
    assert.deepEqual([look('f'), look('l')], ['644 0:0 2000 2', '644 0:0 2000 2']);
  });

  it('touches nothing behind a symbolic link that has two names', async () => {
    const outside = join(root, 'outside');
    fs.writeFileSync(outside, '', { mode: 0o600 });
    await unpack(
      { path: 's', kind: 'symlink', linkTarget: outside },
      { path: 'l', kind: 'hardlink', linkTarget: 's', mode: 0o777, uid: 3, gid: 4 },
    );
    assert.equal(fs.readlinkSync(join(root, 'x/l')), outside);
    assert.match(look('s'), /^777 3:4 /);
    const { mode, uid } = fs.statSync(outside);
    assert.deepEqual([mode & 0o7777, uid], [0o600, 0]);
  });
});
