/** Context transfer: only what lacks is sent, changes on the way are noticed, and the tar for other engines is complete. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';

import { EngineConnection } from '../../../client/driver/engine/connection.ts';
import { type ContextSource, directorySource } from '../../../client/driver/sync/context-source.ts';
import { syncContext, type SyncProgress } from '../../../client/driver/sync/context-sync.ts';
import { contextTar, DOCKERFILE_NAME } from '../../../client/driver/sync/context-tar.ts';
import { contextTree } from '../../../core/context/context-tree.ts';
import { readIgnoreFile } from '../../../core/context/ignore.ts';
import { recordingTree } from '../../../core/context/recording-tree.ts';
import { selectCopy } from '../../../core/context/selection.ts';
import { isErrorKind } from '../../../core/errors.ts';
import { type Digest, digestOf, parseDigest } from '../../../core/oci/digest.ts';
import { checkManifestHeader, decodeManifestLine } from '../../../core/protocol/context-sync.ts';
import { diskTree } from '../../../local/disk-tree.ts';
import { HashPool } from '../../../local/hash-pool.ts';
import { StatCache } from '../../../local/stat-cache.ts';
import { readMember, readTar } from '../../../local/tar/reader.ts';
import { binaryEngine, type BinaryRequest } from './binary-engine.ts';

/** The engine's side in few lines: keeps contents by digest, answers what it lacks. */
class ContextKeeper {
  readonly contents = new Map<Digest, string>();
  paths: string[] = [];
  #digests: Digest[] = [];
  onFiles: (() => void) | undefined;

  async answer(request: BinaryRequest): Promise<unknown> {
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(request.body) : request.body;
    if (request.method === 'POST') {
      const [header, ...lines] = body.toString().trimEnd().split('\n');
      checkManifestHeader(header ?? '');
      const entries = lines.map(decodeManifestLine);
      this.paths = entries.map(({ entry }) => entry.path);
      this.#digests = entries.flatMap(({ digest }) => (digest === undefined ? [] : [digest]));
    } else {
      for await (const member of readTar(Readable.from([body]))) {
        const bytes = await readMember(member, 1 << 20);
        const digest = digestOf(bytes);
        if (digest === parseDigest(`sha256:${member.entry.path}`))
          this.contents.set(digest, bytes.toString());
      }
    }
    return { id: 'ctx', lacking: this.#digests.filter((digest) => !this.contents.has(digest)) };
  }
}

describe('context transfer', function () {
  if (process.platform === 'win32') return;
  let root = '';
  const pool = new HashPool({ nWorkers: 0 });
  let keeper = new ContextKeeper();
  let close = async (): Promise<void> => undefined;
  let engine: EngineConnection;

  beforeEach(async () => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'naru-sync-')));
    keeper = new ContextKeeper();
    const fake = await binaryEngine((request) => keeper.answer(request));
    close = fake.close;
    engine = await EngineConnection.open(fake.connect);
  });
  afterEach(async () => {
    engine.dispose();
    await close();
    rmSync(root, { recursive: true, force: true });
  });

  function write(files: Readonly<Record<string, string>>): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(root, path, '..'), { recursive: true });
      writeFileSync(join(root, path), content);
    }
  }
  async function source(ignore = ''): Promise<ContextSource> {
    const statCache = new StatCache({ strength: 'strong' });
    const tree = diskTree(root, { statCache, hashPool: pool, owners: 'root' });
    return directorySource(root, contextTree(tree, readIgnoreFile(ignore).value.matcher));
  }

  for (const isCompressed of [false, true]) {
    it(`sends only what the engine lacks${isCompressed ? ', compressed' : ''}`, async () => {
      write({ a: 'one', 'src/b': 'two', 'src/same': 'one', 'node_modules/x': 'no', empty: '' });
      symlinkSync('a', join(root, 'link'));
      const first = await syncContext(engine, await source('node_modules'), { isCompressed });
      assert.deepEqual(first, { id: 'ctx', nEntries: 7, sentBytes: 6 });
      assert.deepEqual(keeper.paths, ['', 'a', 'empty', 'link', 'src', 'src/b', 'src/same']);
      assert.deepEqual([...keeper.contents.values()].sort(), ['', 'one', 'two']);
      write({ 'src/b': 'three' });
      const progress: number[] = [];
      const onProgress = (told: SyncProgress): void => {
        if (told.kind === 'sending') progress.push(told.sentBytes);
      };
      const second = await syncContext(engine, await source('node_modules'), { isCompressed, onProgress });
      assert.deepEqual([second.sentBytes, progress], [5, [5]]);
      assert.equal((await syncContext(engine, await source('node_modules'))).sentBytes, 0);
    });
  }

  it('sends what a plan reads and nothing else', async () => {
    write({ 'src/a': 'a', 'src/b/c': 'c', 'docs/d': 'd', 'other/e': 'e' });
    symlinkSync('docs', join(root, 'manual'));
    const full = await source();
    const { tree, recorded } = recordingTree(full.tree);
    await selectCopy(tree, { sources: ['src/b', 'manual'], destination: '/x/' });
    await syncContext(engine, full, { listEntries: recorded });
    assert.deepEqual(keeper.paths, ['', 'docs', 'docs/d', 'manual', 'src', 'src/b', 'src/b/c']);
  });

  it('starts over when a file changes while it is sent', async () => {
    write({ a: 'before', b: 'short' });
    const calm = await source();
    let nOpened = 0;
    const busy: ContextSource = {
      tree: calm.tree,
      open: (path) => {
        nOpened += 1;
        if (nOpened === 1) write({ a: 'after!', b: 'much longer' });
        return calm.open(path);
      },
    };
    // A view remembers what it listed, so that a new one is needed for what changed.
    await syncContext(
      engine,
      { ...busy, tree: (await source()).tree },
      {
        listEntries: async () => (await source()).tree.walk(''),
      },
    );
    assert.deepEqual([...keeper.contents.values()].sort(), ['after!', 'much longer']);
  });

  it('gives up when files keep changing', async () => {
    write({ a: '0' });
    let nth = 0;
    const calm = await source();
    const open = (path: string): ReturnType<ContextSource['open']> => {
      write({ a: String(++nth % 10) });
      return calm.open(path);
    };
    const listEntries = async () => (await source()).tree.walk('');
    await assert.rejects(syncContext(engine, { tree: calm.tree, open }, { listEntries }), (error) =>
      isErrorKind(error, 'conflict'),
    );
  });

  it('packs a tar with the Dockerfile for other engines', async () => {
    write({
      a: 'one',
      'src/b': 'two',
      'skip/c': '',
      '.dockerignore': 'skip\nDockerfile',
      Dockerfile: 'FROM a',
    });
    symlinkSync('a', join(root, 'link'));
    const archive = contextTar(await source('skip\nDockerfile'), { dockerfile: 'FROM b' });
    const members: string[] = [];
    for await (const member of readTar(archive)) {
      const content = (await readMember(member, 100)).toString();
      members.push(`${member.entry.kind} ${member.entry.path} ${member.entry.linkTarget ?? content}`.trim());
    }
    assert.deepEqual(members, [
      `file ${DOCKERFILE_NAME} FROM b`,
      'file a one',
      'symlink link a',
      'dir src',
      'file src/b two',
    ]);
  });
});
