/** An engine that looks at a directory in a client's place: where it may, and that it sees what the client would. */

import assert from 'node:assert/strict';
import { lstatSync, mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { diskTree } from '../../../local/disk-tree.ts';
import { fileView } from '../../../local/file-view.ts';
import { HashPool } from '../../../local/hash-pool.ts';
import { StatCache } from '../../../local/stat-cache.ts';
import { ContextLooks } from '../../../runtime/build/context-looks.ts';

describe('context looks', function () {
  if (process.platform !== 'linux') return;
  this.timeout(20_000);
  const looks = new ContextLooks();
  const pool = new HashPool({ nWorkers: 0 });
  const view = fileView() ?? '';
  let directory = '';
  beforeEach(() => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), 'naru-looks-')));
    mkdirSync(join(directory, 'src'));
    for (const name of ['a', 'src/b', 'src/c']) writeFileSync(join(directory, name), name);
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));
  after(() => looks.close());

  /** What a client sees for itself. */
  async function ownLook(): Promise<unknown> {
    const statCache = new StatCache({ strength: 'strong' });
    const scan = await diskTree(directory, { statCache, hashPool: pool, owners: 'root' }).scan?.();
    return { seen: { fingerprint: scan?.fingerprint(), nEntries: scan?.nEntries } };
  }

  it('see what the client sees, also after a change that keeps size and time', async () => {
    assert.deepEqual(await looks.look({ view, directory }), await ownLook());
    const { atime, mtime } = lstatSync(join(directory, 'src/b'));
    const before = await looks.look({ view, directory });
    writeFileSync(join(directory, 'src/b'), 'SRC/B');
    utimesSync(join(directory, 'src/b'), atime, mtime);
    const changed = await looks.look({ view, directory });
    assert.notDeepEqual(changed, before);
    assert.deepEqual(changed, await ownLook());
  });

  it('are refused to who sees other files', async () => {
    const [boot, mounts, root] = view.split(' ');
    assert.ok(boot !== undefined && mounts !== undefined && root !== undefined);
    for (const other of ['', `${boot} mnt:[1] ${root}`, `x ${mounts} ${root}`, `${boot} ${mounts} 1:2`])
      assert.deepEqual(await looks.look({ view: other, directory }), {});
  });

  it('say nothing of what is no directory', async () => {
    for (const path of [join(directory, 'a'), join(directory, 'nowhere'), 'src', ''])
      assert.deepEqual(await looks.look({ view, directory: path }), {}, path);
  });

  it('answer several at once', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => looks.look({ view, directory })));
    const own = await ownLook();
    for (const answer of answers) assert.deepEqual(answer, own);
  });

  it('say nothing once they are closed, also to who waits', async () => {
    const closing = new ContextLooks();
    const waiting = closing.look({ view, directory });
    await closing.close();
    assert.deepEqual(await waiting, {});
    assert.deepEqual(await closing.look({ view, directory }), {});
  });
});
