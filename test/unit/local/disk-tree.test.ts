/** The tree on disk: what it sees, what it refuses to follow, and that its digests are never stale. */

import assert from 'node:assert/strict';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { FileTree } from '../../../core/context/file-tree.ts';
import { isErrorKind } from '../../../core/errors.ts';
import { digestOf } from '../../../core/oci/digest.ts';
import { openContextDirectory } from '../../../local/context-directory.ts';
import { diskTree } from '../../../local/disk-tree.ts';
import { HashPool } from '../../../local/hash-pool.ts';
import { StatCache } from '../../../local/stat-cache.ts';

/** Far enough ahead for every file just written to be old. */
const LATER_NS = 10_000_000_000n;

describe('disk tree', () => {
  let root = '';
  let pool = new HashPool({ nWorkers: 2 });

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'naru-tree-')));
    pool = new HashPool({ nWorkers: 2 });
  });
  afterEach(async () => {
    await pool.dispose();
    rmSync(root, { recursive: true, force: true });
  });

  function write(files: Readonly<Record<string, string>>): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(root, path, '..'), { recursive: true });
      writeFileSync(join(root, path), content);
    }
  }
  function openCache(file?: string, strength: 'strong' | 'weak' = 'strong'): StatCache {
    const now = (): bigint => BigInt(Date.now()) * 1_000_000n + LATER_NS;
    return new StatCache({ strength, now, ...(file === undefined ? {} : { file }) });
  }
  function treeOver(statCache: StatCache): FileTree {
    return diskTree(root, { statCache, hashPool: pool, owners: 'root' });
  }
  async function openTree(): Promise<FileTree> {
    return treeOver(openCache());
  }

  it('refuses names that are no UTF-8, also beside one with the character that stands for them', async () => {
    write({ 'src/a\uFFFDz': '' });
    const tree = await openTree();
    assert.deepEqual(
      (await tree.walk('')).map(({ path }) => path),
      ['', 'src', 'src/a\uFFFDz'],
    );
    if (process.platform !== 'linux') return; // elsewhere file systems refuse them
    for (const name of ['a\xFFz', 'b\xFFz']) {
      const file = Buffer.concat([Buffer.from(`${root}/src/`), Buffer.from(name, 'latin1')]);
      writeFileSync(file, '');
      await assert.rejects(tree.walk(''), { code: 'E_FILE_NAME', message: /in \/src is not UTF-8/ });
      await assert.rejects(tree.scan?.() ?? Promise.resolve(), { code: 'E_FILE_NAME' });
      rmSync(file);
    }
  });

  it('lists directories before their children and siblings by bytes', async () => {
    write({ 'a/x': '', 'a.b': '', 'a-b': '', Z: '', é: '', 'a/sub/y': 'yy' });
    const entries = await (await openTree()).walk('');
    assert.deepEqual(
      entries.map((entry) => entry.path),
      ['', 'Z', 'a', 'a/sub', 'a/sub/y', 'a/x', 'a-b', 'a.b', 'é'],
    );
    const file = entries.find((entry) => entry.path === 'a/sub/y');
    assert.deepEqual(file, {
      path: 'a/sub/y',
      kind: 'file',
      mode: lstatSync(join(root, 'a/sub/y')).mode & 0o7777,
      uid: 0,
      gid: 0,
      sizeBytes: 2,
      mtimeNs: lstatSync(join(root, 'a/sub/y'), { bigint: true }).mtimeNs,
    });
  });

  it('leaves out what the caller does not descend into', async () => {
    write({ 'node_modules/x/y': '', 'src/a': '' });
    const entries = await (await openTree()).walk('', { descend: ({ path }) => path !== 'node_modules' });
    assert.deepEqual(
      entries.map((entry) => entry.path),
      ['', 'node_modules', 'src', 'src/a'],
    );
  });

  it('never leaves its root', async () => {
    write({ 'in/secret': 'no' });
    symlinkSync('/etc', join(root, 'out'));
    symlinkSync('in', join(root, 'alias'));
    const tree = await openTree();
    assert.equal((await tree.stat('out'))?.linkTarget, '/etc');
    assert.equal(await tree.stat('out/hostname'), undefined);
    assert.deepEqual(await tree.walk('out/ssl'), []);
    assert.deepEqual(await tree.digests(['alias/secret', 'out', 'in']), [undefined, undefined, undefined]);
    assert.equal(await tree.read('alias/secret', 10), undefined);
    assert.equal(await tree.read('out', 10), undefined);
  });

  it('sees an edit that keeps size and modification time', async () => {
    write({ 'src/a': 'one' });
    const path = join(root, 'src/a');
    const tree = await openTree();
    const before = lstatSync(path);
    assert.deepEqual(await tree.digests(['src/a']), [digestOf('one')]);
    writeFileSync(path, 'two');
    utimesSync(path, before.atime, before.mtime);
    assert.deepEqual(await tree.digests(['src/a']), [digestOf('two')]);
  });

  it('sees the mode of a directory', async () => {
    write({ 'src/sub/a': '' });
    const tree = await openTree();
    chmodSync(join(root, 'src/sub'), 0o700);
    assert.equal((await tree.stat('src/sub'))?.mode, 0o700);
  });

  it('answers undefined for files that vanished, and reads bounded', async () => {
    write({ a: 'a', b: 'bb' });
    const tree = await openTree();
    const paths = (await tree.walk('')).filter(({ kind }) => kind === 'file').map(({ path }) => path);
    rmSync(join(root, 'a'));
    assert.deepEqual(await tree.digests(paths), [undefined, digestOf('bb')]);
    assert.equal(await tree.read('a', 10), undefined);
    assert.equal(Buffer.from((await tree.read('b', 2)) ?? []).toString(), 'bb');
    await assert.rejects(tree.read('b', 1), (error) => isErrorKind(error, 'invalid-argument'));
  });

  it('rehashes what changed shortly before it was read', async () => {
    write({ a: '1' });
    const statCache = new StatCache({ strength: 'strong' });
    await treeOver(statCache).digests(['a']);
    assert.equal(statCache.nRecords, 0);
    const later = openCache();
    await treeOver(later).digests(['a']);
    assert.equal(later.nRecords, 1);
  });

  it('rehashes everything small where stamps are weak', async () => {
    write({ a: '1' });
    const statCache = openCache(undefined, 'weak');
    await treeOver(statCache).digests(['a']);
    assert.equal(statCache.nRecords, 0);
  });

  it('keeps digests between runs, and drops a damaged cache', async () => {
    write({ 'src/a': 'one' });
    const file = join(root, 'cache/stat');
    const first = openCache(file);
    await treeOver(first).digests(['src/a']);
    await first.save();
    assert.equal(lstatSync(file).mode & 0o777, 0o600);
    const second = openCache(file);
    const stats = lstatSync(join(root, 'src/a'), { bigint: true });
    assert.equal(second.find('any', stats), digestOf('one'));
    assert.equal(second.find('any', { ...stats, ctimeNs: stats.ctimeNs + 1n } as typeof stats), undefined);
    writeFileSync(file, readFileSync(file).fill(1, 100));
    assert.equal(openCache(file).nRecords, 0);
    writeFileSync(file, 'other');
    assert.equal(openCache(file).nRecords, 0);
  });

  it('hashes many files with workers, in order', async () => {
    const paths = Array.from({ length: 700 }, (_, index) => `d${index % 7}/f${index}`);
    write(Object.fromEntries(paths.map((path) => [path, `content of ${path}`])));
    const tree = await openTree();
    const expected = paths.map((path) => digestOf(`content of ${path}`));
    assert.deepEqual(await tree.digests(paths), expected);
    assert.deepEqual(await tree.digests(paths), expected);
  });

  it('stops when asked to', async () => {
    write({ a: '' });
    const tree = await openTree();
    const signal = AbortSignal.abort();
    await assert.rejects(tree.walk('', { signal }), (error) => isErrorKind(error, 'cancelled'));
    await assert.rejects(tree.digests(['a'], signal), (error) => isErrorKind(error, 'cancelled'));
  });

  it('opens a context with its cache in the user cache directory', async () => {
    write({ 'context/a': 'x' });
    const env = { XDG_CACHE_HOME: join(root, 'cache') };
    const context = await openContextDirectory(join(root, 'context'), { hashPool: pool, env });
    utimesSync(join(root, 'context/a'), 1, 1);
    assert.deepEqual(await context.tree.digests(['a']), [digestOf('x')]);
    await context.save();
    await assert.rejects(openContextDirectory(join(root, 'nowhere'), { env }), (error) =>
      isErrorKind(error, 'not-found'),
    );
  });
});
