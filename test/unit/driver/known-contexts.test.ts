/** A context that did not change is neither hashed nor sent again, and one that did always is, however little shows of it. */

import assert from 'node:assert/strict';
import {
  chmodSync,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { EngineConnection } from '../../../client/driver/engine/connection.ts';
import { directorySource } from '../../../client/driver/sync/context-source.ts';
import { type SyncedContext, syncContext } from '../../../client/driver/sync/context-sync.ts';
import { contextTree } from '../../../core/context/context-tree.ts';
import type { FileTree } from '../../../core/context/file-tree.ts';
import { readIgnoreFile } from '../../../core/context/ignore.ts';
import { type Digest, digestOf } from '../../../core/oci/digest.ts';
import { DiskScan } from '../../../local/disk-scan.ts';
import { diskTree } from '../../../local/disk-tree.ts';
import { HashPool } from '../../../local/hash-pool.ts';
import { KnownContexts } from '../../../local/known-contexts.ts';
import { StatCache } from '../../../local/stat-cache.ts';
import { SyncedContexts } from '../../../runtime/build/synced-contexts.ts';
import { skipBecause } from '../../support/skip.ts';
import { binaryEngine, type BinaryRequest } from './binary-engine.ts';

/** Far enough ahead for every file just written to be old. */
const LATER_NS = 10_000_000_000n;

describe('known contexts', function () {
  before(function () {
    if (process.platform !== 'linux') skipBecause(this, 'an engine with contexts needs Linux');
  });
  const pool = new HashPool({ nWorkers: 0 });
  let folder = '';
  let root = '';
  let contexts: SyncedContexts;
  let requests: string[] = [];
  let close = async (): Promise<void> => undefined;
  let engine: EngineConnection;
  let isRacy = false;

  beforeEach(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'naru-known-')));
    root = join(folder, 'context');
    isRacy = false;
    await openContexts();
    const served = await binaryEngine((request) => answer(request));
    close = served.close;
    engine = await EngineConnection.open(served.connect);
    write({ 'src/a': 'one', 'src/deep/b': 'two', 'docs/c': 'three', d: 'four' });
    symlinkSync('src/a', join(root, 'link'));
  });
  afterEach(async () => {
    engine.dispose();
    await close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function openContexts(): Promise<void> {
    contexts = new SyncedContexts(join(folder, 'engine'));
    await contexts.recover();
  }
  function answer({ method, url, body }: BinaryRequest): Promise<unknown> {
    requests.push(method);
    const id = /context\/(\w+)/.exec(url)?.[1] ?? '';
    if (method === 'GET') return contexts.answer(id);
    const bytes = Readable.from([body]);
    if (method === 'POST') return contexts.receiveManifest(bytes, () => undefined);
    return contexts.receiveFiles(id, bytes, new AbortController().signal);
  }
  function write(files: Readonly<Record<string, string>>): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(root, path, '..'), { recursive: true });
      writeFileSync(join(root, path), content);
    }
  }
  function knownFile(): string {
    return join(folder, 'cache/contexts');
  }
  /** As one more process of the client. */
  async function sync(ignore = '', cache = 'cache'): Promise<SyncedContext> {
    const now = (): bigint => BigInt(Date.now()) * 1_000_000n + (isRacy ? 0n : LATER_NS);
    const statCache = new StatCache({ strength: 'strong', now, file: join(folder, cache, 'stat') });
    const tree = contextTree(
      diskTree(root, { statCache, hashPool: pool, owners: 'root' }),
      readIgnoreFile(ignore).value.matcher,
    );
    const source = directorySource(root, tree, new KnownContexts(join(folder, cache, 'contexts')));
    requests = [];
    const synced = await syncContext(engine, source);
    await statCache.save();
    return synced;
  }

  it('asks for an unchanged context by its id alone', async () => {
    const first = await sync();
    assert.deepEqual(requests, ['POST', 'PUT']);
    assert.deepEqual(await sync(), { ...first, sentBytes: 0 });
    assert.deepEqual(requests, ['GET']);
    assert.equal(lstatSync(knownFile()).mode & 0o777, 0o600);
  });

  const at = (path: string): string => join(root, path);
  const CHANGES: readonly (readonly [string, () => void])[] = [
    [
      'content of the same size and time',
      () => {
        const { atime, mtime } = lstatSync(at('src/a'));
        writeFileSync(at('src/a'), 'ONE');
        utimesSync(at('src/a'), atime, mtime);
      },
    ],
    [
      'another file of the same size and time, moved into place',
      () => {
        const { atime, mtime } = lstatSync(at('src/a'));
        writeFileSync(join(folder, 'new'), 'ONE');
        utimesSync(join(folder, 'new'), atime, mtime);
        renameSync(join(folder, 'new'), at('src/a'));
      },
    ],
    [
      'two files exchanged',
      () => {
        renameSync(at('src/a'), join(folder, 'old'));
        renameSync(at('src/deep/b'), at('src/a'));
        renameSync(join(folder, 'old'), at('src/deep/b'));
      },
    ],
    ['the mode of a file', () => chmodSync(at('src/a'), 0o755)],
    ['the mode of a directory', () => chmodSync(at('src/deep'), 0o700)],
    ['the time of a file', () => utimesSync(at('src/a'), 1, 1)],
    ['the time of a directory', () => utimesSync(at('docs'), 1, 1)],
    ['a renamed directory', () => renameSync(at('src/deep'), at('src/deeper'))],
    ['a renamed file', () => renameSync(at('d'), at('e'))],
    ['a file more', () => write({ 'docs/n': '' })],
    ['an empty directory more', () => mkdirSync(at('docs/empty'))],
    ['a file less', () => unlinkSync(at('docs/c'))],
    [
      'a file replaced by a link to its copy',
      () => {
        copyFileSync(at('d'), at('docs/d'));
        unlinkSync(at('d'));
        symlinkSync('docs/d', at('d'));
      },
    ],
    [
      'a link replaced by what it names',
      () => {
        unlinkSync(at('link'));
        copyFileSync(at('src/a'), at('link'));
      },
    ],
    [
      'a link to somewhere else',
      () => {
        unlinkSync(at('link'));
        symlinkSync('src/b', at('link'));
      },
    ],
    [
      'a file replaced by an empty directory',
      () => {
        unlinkSync(at('d'));
        mkdirSync(at('d'));
      },
    ],
    [
      'a file replaced by a hard link to another',
      () => {
        unlinkSync(at('d'));
        linkSync(at('src/a'), at('d'));
      },
    ],
  ];
  for (const [what, change] of CHANGES) {
    it(`sees ${what}`, async () => {
      const before = await sync();
      change();
      const after = await sync();
      assert.equal(requests[0], 'POST');
      assert.notEqual(after.id, before.id);
      assert.equal(after.id, (await sync('', 'another cache')).id, 'as a client that remembers nothing');
    });
  }

  it('sees a change of ctime alone, and finds the content the same', async () => {
    const before = await sync();
    linkSync(at('src/a'), join(folder, 'one more'));
    const after = await sync();
    assert.deepEqual(requests, ['POST']);
    assert.equal(after.id, before.id);
    await sync();
    assert.deepEqual(requests, ['GET']);
  });

  it('does not rely on files that changed just before they were read', async () => {
    isRacy = true;
    unlinkSync(at('link'));
    await sync();
    await sync();
    assert.deepEqual(requests, ['POST']);
    isRacy = false;
    await sync();
    await sync();
    assert.deepEqual(requests, ['GET']);
  });

  it('does not rely on a link that was made just before it was read', async () => {
    await sync();
    unlinkSync(at('link'));
    symlinkSync('d', at('link'));
    isRacy = true;
    await sync();
    await sync();
    assert.deepEqual(requests, ['POST']);
  });

  it('knows a context for each ignore file', async () => {
    const all = await sync();
    const less = await sync('docs');
    assert.deepEqual([requests[0], less.nEntries], ['POST', all.nEntries - 2]);
    assert.notEqual(less.id, all.id);
    const other = await sync('docs/*');
    assert.deepEqual([requests[0], other.nEntries], ['POST', all.nEntries - 1]);
    for (const [ignore, synced] of [
      ['', all],
      ['docs', less],
      ['docs/*', other],
    ] as const) {
      assert.equal((await sync(ignore)).id, synced.id);
      assert.deepEqual(requests, ['GET']);
    }
    write({ 'docs/ignored': '' });
    await sync('docs');
    assert.deepEqual(requests, ['GET'], 'what is ignored does not count');
    const { atime, mtime } = lstatSync(at('d'));
    writeFileSync(at('d'), 'FOUR');
    utimesSync(at('d'), atime, mtime);
    assert.notEqual((await sync('docs')).id, less.id);
    assert.deepEqual(requests, ['POST', 'PUT']);
  });

  it('sends what the engine no longer has', async () => {
    const { id } = await sync();
    const manifest = join(folder, 'engine/manifests', id);
    truncateSync(manifest, 100);
    await openContexts();
    assert.equal((await sync()).id, id);
    assert.deepEqual(requests, ['GET', 'POST', 'PUT']);
    rmSync(join(folder, 'engine/content/files', readdirSync(join(folder, 'engine/content/files'))[0] ?? ''));
    await openContexts();
    assert.equal((await sync()).id, id);
    assert.deepEqual(requests, ['GET', 'POST', 'PUT']);
    assert.deepEqual((await contexts.answer(id)).lacking, []);
  });

  it('sends everything again when its own memory is damaged', async () => {
    const { id } = await sync();
    const text = readFileSync(knownFile(), 'utf8');
    for (const damaged of [text.slice(0, 40), text.slice(0, -3), text.replace('1', '2'), '\0'.repeat(200)]) {
      writeFileSync(knownFile(), damaged);
      assert.equal((await sync()).id, id);
      assert.deepEqual(requests, ['POST']);
    }
  });

  it('goes by its own count of what it sent, not by what an engine calls it', async () => {
    const { id } = await sync();
    const receive = contexts.receiveManifest.bind(contexts);
    contexts.receiveManifest = async (body, hold) => ({ ...(await receive(body, hold)), id: '0'.repeat(64) });
    write({ 'src/a': 'changed' });
    contexts.receiveFiles = async () => ({ id: '', lacking: [] });
    await sync();
    assert.ok(!readFileSync(knownFile(), 'utf8').includes('0'.repeat(64)));
    assert.ok(readFileSync(knownFile(), 'utf8').includes(id));
  });

  it('looks again at a file that grew while it was sent', async () => {
    const receive = contexts.receiveManifest.bind(contexts);
    contexts.receiveManifest = async (body, hold) => {
      contexts.receiveManifest = receive;
      write({ 'src/a': 'one and more' });
      return receive(body, hold);
    };
    const { id } = await sync();
    assert.deepEqual(requests, ['POST', 'PUT', 'POST', 'PUT']);
    const content = await (await contexts.tree(id)).read('src/a', 100);
    assert.equal(Buffer.from(content ?? []).toString(), 'one and more');
  });

  describe('that an engine looked at', () => {
    let nScans = 0;

    /** As one more client, which asked the engine to look. */
    async function syncSeen(fingerprint?: Digest): Promise<SyncedContext> {
      const now = (): bigint => BigInt(Date.now()) * 1_000_000n + LATER_NS;
      const statCache = new StatCache({ strength: 'strong', now, file: join(folder, 'cache/stat') });
      const tree = diskTree(root, { statCache, hashPool: pool, owners: 'root' });
      const scanned = await tree.scan?.();
      const seen = { fingerprint: fingerprint ?? scanned?.fingerprint() ?? digestOf(''), nEntries: 12 };
      const counting: FileTree = {
        ...tree,
        scan: (options) => (
          (nScans += 1), DiskScan.take(root, { statCache, hashPool: pool, owners: 'root' }, options)
        ),
      };
      const known = new KnownContexts(knownFile());
      requests = [];
      nScans = 0;
      return syncContext(engine, directorySource(root, counting, known, Promise.resolve(seen)));
    }

    it('are not looked at again', async () => {
      const { id } = await sync();
      assert.deepEqual(await syncSeen(), { id, nEntries: 12, sentBytes: 0 });
      assert.deepEqual([nScans, ...requests], [0, 'GET']);
    });

    it('are not waited for when nothing of them is known', async () => {
      const statCache = new StatCache({ strength: 'strong' });
      const tree = diskTree(root, { statCache, hashPool: pool, owners: 'root' });
      const never = new Promise<undefined>(() => undefined);
      requests = [];
      const known = new KnownContexts(knownFile());
      await syncContext(engine, directorySource(root, tree, known, never));
      await syncContext(engine, directorySource(root, tree, undefined, never));
      assert.deepEqual(requests, ['POST', 'PUT', 'POST']);
    });

    it('are looked at when they are not known in that state', async () => {
      const { id, nEntries } = await sync();
      assert.deepEqual(await syncSeen(digestOf('another state')), { id, nEntries, sentBytes: 0 });
      assert.deepEqual([nScans, ...requests], [1, 'GET']);
      write({ 'src/a': 'new' });
      assert.notEqual((await syncSeen()).id, id);
      assert.deepEqual([nScans, ...requests], [1, 'POST', 'PUT']);
    });

    it('are looked at when the engine no longer has them', async () => {
      const { id } = await sync();
      truncateSync(join(folder, 'engine/manifests', id), 100);
      await openContexts();
      assert.equal((await syncSeen()).id, id);
      assert.deepEqual([nScans, ...requests], [1, 'GET', 'GET', 'POST', 'PUT']);
    });
  });

  it('lets two clients work at once', async () => {
    const synced = await Promise.all([sync(), sync(), sync()]);
    assert.equal(new Set(synced.map(({ id }) => id)).size, 1);
    await sync();
    assert.deepEqual(requests, ['GET']);
  });
});
