/** Looks at many files: by lstat and by statx alike, with entries as a walk has them, and seeing what lstat sees. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { FileTree, TreeScan } from '../../../core/context/file-tree.ts';
import { isErrorKind } from '../../../core/errors.ts';
import { digestOf } from '../../../core/oci/digest.ts';
import { lookByPath, lookByStatx } from '../../../local/disk-look.ts';
import { diskTree } from '../../../local/disk-tree.ts';
import { stampOf } from '../../../local/file-stamp.ts';
import { HashPool } from '../../../local/hash-pool.ts';
import { StatCache } from '../../../local/stat-cache.ts';
import { ROW_WORDS, StatRows } from '../../../local/stat-rows.ts';
import { openStatx, type Statx } from '../../../local/statx.ts';
import { skipBecause } from '../../support/skip.ts';

/** Of files, enough for statx. */
const N_FILES = 1500;

describe('disk rows', function () {
  this.timeout(30_000);
  let root = '';
  before(function () {
    if (process.platform === 'win32') skipBecause(this, 'Windows has neither these modes nor mkfifo');
  });
  beforeEach(() => (root = realpathSync(mkdtempSync(join(tmpdir(), 'naru-rows-')))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const at = (path: string): string => join(root, path);

  /** One of each kind, with numbers at the edges of what they may be. */
  function makeKinds(): void {
    writeFileSync(at('file'), 'x');
    writeFileSync(at('large'), '');
    truncateSync(at('large'), 5_000_000_000);
    writeFileSync(at('old'), '');
    utimesSync(at('old'), 0, -1000.25);
    writeFileSync(at('future'), '');
    utimesSync(at('future'), 0, 9_000_000_000.5);
    writeFileSync(at('하나 é'), '');
    chmodSync(at('file'), 0o4711);
    mkdirSync(at('directory'), { mode: 0o1777 });
    symlinkSync('nowhere', at('link'));
    execFileSync('mkfifo', [at('fifo')]);
    if (process.getuid?.() !== 0) return;
    execFileSync('mknod', [at('char'), 'c', '4094', '1048570']);
    execFileSync('mknod', [at('block'), 'b', '259', '7']);
    execFileSync('chown', ['4000000001:65534', at('old')]);
  }

  function rowsOf(look: ReturnType<typeof lookByPath> | undefined, names: readonly string[]): StatRows {
    assert.ok(look !== undefined);
    const rows = new StatRows();
    assert.deepEqual(
      names.map((name, row) => look.at(name, rows, row)),
      names.map(() => true),
    );
    look.close();
    return rows;
  }
  function numbers(rows: StatRows, nRows: number): readonly number[] {
    return Array.from(rows.words.subarray(0, nRows * ROW_WORDS));
  }

  it('are the same by lstat and by statx, and hold what lstat says', async () => {
    makeKinds();
    const server = createServer().listen(at('socket'));
    await new Promise((done) => server.once('listening', done));
    const names = readdirSync(root).concat('.');
    const byPath = rowsOf(lookByPath(root, ''), names);
    for (const [row, name] of names.entries()) {
      const stats = lstatSync(at(name), { bigint: true });
      const isDevice = stats.isCharacterDevice() || stats.isBlockDevice();
      const stamp = { ...stampOf(stats), ...(isDevice ? { size: stats.rdev } : {}) };
      assert.deepEqual(byPath.stampOf(row), stamp, name);
      assert.deepEqual(
        [byPath.modeOf(row), byPath.uidOf(row), byPath.gidOf(row)],
        [stats.mode, stats.uid, stats.gid].map(Number),
        name,
      );
    }
    const statx = openStatx();
    if (process.platform === 'linux') assert.ok(statx !== undefined, 'koffi cannot be loaded');
    if (statx !== undefined)
      assert.deepEqual(
        numbers(rowsOf(lookByStatx(root, '', statx), names), names.length),
        numbers(byPath, names.length),
      );
    await new Promise((done) => server.close(done));
  });

  it('are by lstat what statx fails at', () => {
    makeKinds();
    const failing: Statx = () => false;
    const look = lookByStatx(root, '', failing);
    assert.deepEqual(
      numbers(rowsOf(look, ['file', 'link']), 2),
      numbers(rowsOf(lookByPath(root, ''), ['file', 'link']), 2),
    );
    const statx = openStatx() ?? failing;
    const gone = lookByStatx(root, '', statx);
    assert.equal(gone?.at('gone', new StatRows(), 0), false);
    gone?.close();
    assert.equal(lookByStatx(root, 'link', statx), undefined, 'a link is not followed');
    assert.equal(lookByStatx(root, 'gone', statx), undefined);
  });

  describe('of a large tree', () => {
    const pool = new HashPool({ nWorkers: 0 });

    beforeEach(() => {
      for (const name of ['a', 'a/deep', 'b', 'a.b', 'B']) mkdirSync(at(name));
      for (let nth = 0; nth < N_FILES; nth += 1)
        writeFileSync(at(join(['a', 'a/deep', 'b', 'a.b'][nth % 4] ?? '', `f${nth}`)), `${nth}`);
      for (const name of ['\u{10000}', '\uE000', 'é', 'Z', 'b/한']) writeFileSync(at(name), name);
      symlinkSync('f1', at('a/link'));
    });

    function tree(owners: 'root' | 'stored' = 'stored'): FileTree {
      const now = (): bigint => BigInt(Date.now()) * 1_000_000n + 10_000_000_000n;
      return diskTree(root, {
        statCache: new StatCache({ strength: 'strong', now }),
        hashPool: pool,
        owners,
      });
    }
    async function scan(): Promise<TreeScan> {
      const taken = await tree().scan?.();
      assert.ok(taken !== undefined);
      return taken;
    }

    it('are listed as a walk lists them', async () => {
      for (const owners of ['root', 'stored'] as const) {
        const walked = await tree(owners).walk('');
        const scanned = await tree(owners).scan?.();
        assert.equal(scanned?.nEntries, walked.length);
        assert.deepEqual(scanned?.entries, walked);
      }
    });

    it('leave out what is not descended into', async () => {
      const descend = ({ path }: { readonly path: string }): boolean => path !== 'a';
      const walked = await tree().walk('', { descend });
      assert.deepEqual((await tree().scan?.({ descend }))?.entries, walked);
    });

    it('have the digests of their files', async () => {
      const scanned = await scan();
      const { digests, isSettled } = await scanned.digests();
      assert.ok(isSettled);
      assert.equal(digests.length, scanned.nEntries);
      for (const [nth, { path, kind }] of scanned.entries.entries()) {
        const content = /f(\d+)$/.exec(path)?.[1];
        if (kind !== 'file') assert.equal(digests[nth], undefined);
        else
          assert.equal(
            digests[nth],
            digestOf(content ?? path.replace(/.*\//, '').replace('한', 'b/한')),
            path,
          );
      }
    });

    it('have a fingerprint that only a change changes', async () => {
      const before = (await scan()).fingerprint();
      assert.equal((await scan()).fingerprint(), before);
      const { atime, mtime } = lstatSync(at('b/f2'));
      writeFileSync(at('b/f2'), '3');
      utimesSync(at('b/f2'), atime, mtime);
      assert.notEqual((await scan()).fingerprint(), before);
    });

    it('stop when asked to', async () => {
      const signal = AbortSignal.abort();
      await assert.rejects(
        async () => tree().scan?.({ signal }),
        (error) => isErrorKind(error, 'cancelled'),
      );
      const leaving = new AbortController();
      let nListed = 0;
      const descend = (): boolean => ((nListed += 1), leaving.abort(), true);
      await assert.rejects(
        async () => tree().scan?.({ signal: leaving.signal, descend }),
        (error) => isErrorKind(error, 'cancelled'),
      );
      assert.ok(nListed < 6, 'all directories were listed');
    });
  });
});
