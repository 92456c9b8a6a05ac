/** Loading, saving and importing images: an ID is the same everywhere, layers are shared, damaged archives leave nothing. Needs root. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync, zstdCompressSync } from 'node:zlib';

import { digestHex, digestOf } from '../../../core/oci/digest.ts';
import { readMember, readTar } from '../../../local/tar/reader.ts';
import { CONFIG, type EngineImages, layerTar, NEVER, openImages, removeImages } from './engine-images.ts';

/** Files of an archive by path. */
type Files = Readonly<Record<string, string | Uint8Array>>;

/** Packed by the tar of the machine. */
function packed(directory: string, files: Files, links: Readonly<Record<string, string>> = {}): Buffer {
  const root = fs.mkdtempSync(join(directory, 'archive-'));
  for (const [path, content] of Object.entries(files)) {
    fs.mkdirSync(join(root, path, '..'), { recursive: true });
    fs.writeFileSync(join(root, path), content);
  }
  for (const [path, target] of Object.entries(links)) {
    fs.mkdirSync(join(root, path, '..'), { recursive: true });
    fs.symlinkSync(target, join(root, path));
  }
  return execFileSync('tar', ['-C', root, '-c', '.'], { maxBuffer: 1 << 26 });
}

async function membersOf(archive: Uint8Array): Promise<ReadonlyMap<string, Buffer>> {
  const members = new Map<string, Buffer>();
  for await (const member of readTar(Readable.from([archive]))) {
    members.set(member.entry.path, await readMember(member, 1 << 26));
  }
  return members;
}

/** Config of an image with these layers, and its digest. */
function configOf(...layers: readonly Uint8Array[]): { readonly text: string; readonly hex: string } {
  const rootfs = { type: 'layers', diff_ids: layers.map((layer) => digestOf(layer)) };
  const text = JSON.stringify({ 'x-unknown': true, ...CONFIG, rootfs }, undefined, 1);
  return { text, hex: digestHex(digestOf(text)) };
}

describe('image archives', () => {
  let engine: EngineImages;
  let other: EngineImages;
  beforeEach(async () => {
    engine = await openImages();
    other = await openImages();
  });
  afterEach(async () => {
    for (const { directory, close } of [engine, other]) {
      assert.deepEqual(
        fs.existsSync(join(directory, 'staging')) ? fs.readdirSync(join(directory, 'staging')) : [],
        [],
      );
      await close();
      removeImages(directory);
    }
  });

  it('keep ID, layers and names from build over save to load, and save the same bytes again', async () => {
    const built = await engine.build('app:1', ['a:1', 'b:2'], ['a:gone', 'c:3']);
    await engine.store.tag(built.id, 'example.com/app:2');
    const archive = await engine.save('app:1', 'example.com/app:2');
    const { images, said } = await other.load(archive);
    assert.equal(said, 'Loaded image: app:1\nLoaded image: example.com/app:2\n');
    assert.deepEqual(
      images.map(({ id, tags, config, sizeBytes, createdAt }) => ({
        id,
        tags,
        config,
        sizeBytes,
        createdAt,
      })),
      [
        {
          id: built.id,
          tags: ['app:1', 'example.com/app:2'],
          config: built.config,
          sizeBytes: 3,
          createdAt: new Date('2026-01-02T03:04:05.678Z'),
        },
      ],
    );
    assert.ok((await other.save('app:1', 'example.com/app:2')).equals(archive));
    const trees = await Promise.all(
      [engine, other].map(async ({ store, snapshots }) => {
        const top = (await store.get('app:1')).snapshots.at(-1) ?? '';
        return await (await snapshots.tree(top)).walk('');
      }),
    );
    assert.deepEqual(trees[0]?.slice(1), trees[1]?.slice(1));
  });

  it('are both a docker-save archive and an OCI layout', async () => {
    const built = await engine.build('app:1', ['a:1']);
    const members = await membersOf(await engine.save('app:1'));
    const layer = digestHex(built.config.rootfs.diff_ids[0] ?? built.id);
    const json = (path: string): unknown => JSON.parse(members.get(path)?.toString() ?? 'null');
    const image = `blobs/sha256/${digestHex(built.id)}`;
    assert.deepEqual(json('manifest.json'), [
      { Config: image, RepoTags: ['app:1'], Layers: [`blobs/sha256/${layer}`] },
    ]);
    assert.deepEqual(json('repositories'), { app: { '1': layer } });
    assert.deepEqual(json('oci-layout'), { imageLayoutVersion: '1.0.0' });
    for (const [path, content] of members) {
      if (/^blobs\/sha256\/./.test(path)) assert.equal(path, `blobs/sha256/${digestHex(digestOf(content))}`);
    }
    const index = json('index.json') as { manifests: { digest: string; annotations: object }[] };
    assert.deepEqual(index.manifests[0]?.annotations, {
      'io.containerd.image.name': 'docker.io/library/app:1',
      'org.opencontainers.image.ref.name': '1',
    });
    // The same archive without Docker's files is an OCI layout.
    const layout = Object.fromEntries(
      [...members].filter(([path]) => !/manifest.json|repositories|^blobs(\/sha256)?$/.test(path)),
    );
    const { images, said } = await other.load(packed(other.directory, layout));
    assert.deepEqual([images[0]?.id, said], [built.id, 'Loaded image: app:1\n']);
  });

  it('hold a layer once, and share it once loaded', async () => {
    await engine.build('one', ['base:1'], ['x:1']);
    const [base = ''] = (await engine.store.get('one')).snapshots;
    await engine.snapshots.prepare('key', base);
    fs.writeFileSync(join(await engine.snapshots.mount('key'), 'y'), '2');
    await engine.snapshots.commit('key', 'second');
    await engine.store.tag((await engine.store.create(CONFIG, [base, 'second'])).id, 'two');
    const both = await engine.save('one', 'two');
    assert.equal(
      [...(await membersOf(both)).keys()].filter((path) => /^blobs\/sha256\/./.test(path)).length,
      3 + 2 + 2,
    );
    await other.load(await engine.save('one'));
    assert.equal((await other.snapshotNames()).length, 2);
    await other.load(both);
    assert.equal((await other.snapshotNames()).length, 3);
    const [one, two] = await Promise.all(
      ['one', 'two'].map(async (name) => (await other.store.get(name)).snapshots),
    );
    assert.equal(one?.[0], two?.[0]);
    await engine.load(both);
    assert.equal((await engine.snapshotNames()).length, 3, 'loading what was built here adds nothing');
  });

  it('of other tools are read: old docker save with links, compressed layers, compressed as a whole', async () => {
    const [lower, upper] = [await layerTar('a:1', './b/', 'b/c:2'), await layerTar('.wh.a', 'd:3')];
    const config = configOf(lower, upper, upper);
    const files = (pack: (bytes: Uint8Array) => Uint8Array): Files => ({
      [`${config.hex}.json`]: config.text,
      'one/layer.tar': pack(lower),
      'two/layer.tar': pack(upper),
      'manifest.json': JSON.stringify([
        {
          Config: `${config.hex}.json`,
          RepoTags: ['old:1', 'old:2'],
          Layers: ['one/layer.tar', 'two/layer.tar', 'three/layer.tar'],
        },
      ]),
      repositories: '{}',
    });
    const links = { 'three/layer.tar': '../two/layer.tar' };
    for (const archive of [
      packed(
        other.directory,
        files((bytes) => bytes),
        links,
      ),
      packed(other.directory, files(gzipSync), links),
      zstdCompressSync(packed(other.directory, files(zstdCompressSync), links)),
    ]) {
      const fresh = await openImages();
      const { images, said } = await fresh.load(archive);
      assert.equal(said, 'Loaded image: old:1\nLoaded image: old:2\n');
      assert.equal(images[0]?.id, `sha256:${config.hex}`);
      assert.equal(Buffer.from(await fresh.store.configBytes(images[0].id)).toString(), config.text);
      const [top = ''] = images[0].snapshots.slice(-1);
      const tree = await fresh.snapshots.tree(top);
      assert.deepEqual(
        (await tree.walk('')).map(({ path }) => path),
        ['', 'b', 'b/c', 'd'],
      );
      const again = await membersOf(await fresh.save('old:1'));
      for (const layer of [lower, upper]) {
        assert.ok(
          again.get(`blobs/sha256/${digestHex(digestOf(layer))}`)?.equals(layer),
          'exact layer bytes',
        );
      }
      await fresh.close();
      removeImages(fresh.directory);
    }
  }).timeout(60_000);

  it('of several platforms give the image for this machine', async () => {
    const layer = await layerTar('a:1');
    const blobs: Record<string, string | Uint8Array> = {};
    const put = (content: string | Uint8Array): { digest: string; size: number } => {
      const digest = digestOf(content);
      blobs[`blobs/sha256/${digestHex(digest)}`] = content;
      return { digest, size: content.length };
    };
    const manifestOf = (architecture: string): object => {
      const config = put(
        JSON.stringify({ ...CONFIG, architecture, rootfs: { type: 'layers', diff_ids: [digestOf(layer)] } }),
      );
      const manifest = put(JSON.stringify({ schemaVersion: 2, config, layers: [put(gzipSync(layer))] }));
      return { ...manifest, platform: { os: 'linux', architecture } };
    };
    const attestation = { ...put('{}'), platform: { os: 'unknown', architecture: 'unknown' } };
    const manifests = [attestation, manifestOf('riscv64'), manifestOf(CONFIG.architecture)];
    const index = put(JSON.stringify({ schemaVersion: 2, manifests }));
    const mediaType = 'application/vnd.oci.image.index.v1+json';
    const annotations = { 'org.opencontainers.image.ref.name': 'registry.example/multi' };
    const top = JSON.stringify({ schemaVersion: 2, manifests: [{ ...index, mediaType, annotations }] });
    const { images, said } = await engine.load(packed(engine.directory, { ...blobs, 'index.json': top }));
    assert.equal(said, 'Loaded image: registry.example/multi:latest\n');
    assert.deepEqual(
      images.map(({ config }) => config.architecture),
      [CONFIG.architecture],
    );
  });

  it('say when a name moves, and when there is none', async () => {
    const first = await engine.build('app', ['a:1']);
    await other.build('app', ['a:2']);
    const { said } = await engine.load(await other.save('app'));
    assert.equal(
      said,
      `The image app:latest already exists, renaming the old one with ID ${first.id} to empty string\nLoaded image: app:latest\n`,
    );
    assert.deepEqual((await engine.store.get(first.id)).tags, []);
    const second = await other.store.get('app');
    assert.equal((await engine.load(await other.save(second.id))).said, `Loaded image ID: ${second.id}\n`);
  });

  it('of a name without tag hold all its tags', async () => {
    const image = await engine.build('app', ['a:1']);
    await engine.store.tag(image.id, 'app:1');
    await engine.store.tag(image.id, 'elsewhere:1');
    const { said } = await other.load(await engine.save('app'));
    assert.equal(said, 'Loaded image: app:1\nLoaded image: app:latest\n');
  });

  describe('are refused and leave nothing', () => {
    async function refuse(files: Files, code: string): Promise<void> {
      await assert.rejects(engine.load(packed(other.directory, files)), { kind: 'invalid-argument', code });
      assert.deepEqual(await engine.store.list(), []);
      await engine.store.recover();
      assert.deepEqual(await engine.snapshotNames(), []);
    }
    const row = (Config: string, ...Layers: readonly string[]): string =>
      JSON.stringify([{ Config, Layers }]);

    it('without a table of contents', async () => await refuse({ a: '' }, 'E_IMAGE_ARCHIVE'));
    it('with one that is not JSON', async () => await refuse({ 'manifest.json': '{' }, 'E_MANIFEST'));
    it('with one that is not a list', async () => await refuse({ 'manifest.json': '{}' }, 'E_IMAGE_ARCHIVE'));
    it('without the config', async () => await refuse({ 'manifest.json': row('c') }, 'E_ARCHIVE_MEMBER'));
    it('with a config that is none', async () =>
      await refuse({ 'manifest.json': row('c'), c: '[]' }, 'E_IMAGE_CONFIG'));

    it('with too few layers', async () => {
      const config = configOf(await layerTar('a:1'));
      await refuse({ 'manifest.json': row('c'), c: config.text }, 'E_IMAGE_ARCHIVE');
    });
    it('with a layer that is missing', async () => {
      const config = configOf(await layerTar('a:1'));
      await refuse({ 'manifest.json': row('c', 'l'), c: config.text }, 'E_ARCHIVE_MEMBER');
    });
    it('with a layer that is another', async () => {
      const [one, two] = [await layerTar('a:1'), await layerTar('a:2')];
      await refuse({ 'manifest.json': row('c', 'l', 'l'), c: configOf(one, two).text, l: one }, 'E_DIFF_ID');
    });
    it('with a layer that climbs out', async () => {
      const layer = await layerTar('../a:1');
      await refuse({ 'manifest.json': row('c', 'l'), c: configOf(layer).text, l: layer }, 'E_LAYER_PATH');
    });
    it('with a blob that is damaged', async () => {
      const digest = digestOf('x');
      const index = JSON.stringify({ schemaVersion: 2, manifests: [{ digest, size: 1 }] });
      await refuse({ 'index.json': index, [`blobs/sha256/${digestHex(digest)}`]: 'y' }, 'E_IMAGE_ARCHIVE');
    });
    it('when they end early', async () => {
      const archive = packed(other.directory, { a: 'x'.repeat(5000) }).subarray(0, 3000);
      await assert.rejects(engine.load(archive), { code: 'E_TAR_TRUNCATED' });
    });
    it('when the caller leaves', async () => {
      const loading = engine.store.load(
        Readable.from([Buffer.alloc(1024)]),
        () => undefined,
        AbortSignal.abort(),
      );
      await assert.rejects(loading, { kind: 'cancelled' });
    });
  });

  it('are imported as one layer, compressed or not, once', async () => {
    const tar = await layerTar('./', 'etc/', 'etc/name:x');
    const ids: string[] = [];
    for (const bytes of [tar, gzipSync(tar)]) {
      const image = await engine.store.import(Readable.from([bytes]), CONFIG, NEVER);
      assert.deepEqual(image.config.rootfs.diff_ids, [digestOf(tar)]);
      ids.push(image.id);
    }
    assert.equal(new Set(ids).size, 1);
    assert.equal((await engine.snapshotNames()).length, 1);
  });

  it('leave no layers behind when the engine is killed in the middle', async () => {
    const { directory } = engine;
    await engine.snapshots.applyLayer('sha256:half', undefined, Readable.from([await layerTar('a:1')]));
    fs.mkdirSync(join(directory, 'staging/load-x'), { recursive: true });
    await engine.close();
    engine = await openImages(directory);
    assert.deepEqual(await engine.snapshotNames(), []);
    assert.ok(!fs.existsSync(join(directory, 'staging')));
  });
});
