/** The overlay snapshotter: the suite, and what is its own: depth, kill -9, foreign archives, odd roots. Needs root. */

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { digestOf } from '../../../core/oci/digest.ts';
import { landSelection } from '../../../core/build/requests.ts';
import { placeFiles } from '../../../runtime/build/place-files.ts';
import { Workspace } from '../../../runtime/build/workspace.ts';
import { mountPointsBelow, unmountIfMounted } from '../../../runtime/host/overlay-mount.ts';
import { mount, MS } from '../../../runtime/host/syscalls.ts';
import { LayerThreads } from '../../../runtime/snapshots/layer-threads.ts';
import { OverlaySnapshotter } from '../../../runtime/snapshots/overlay.ts';
import { MetadataStore } from '../../../runtime/store/metadata.ts';
import { bytesOf, type SnapshotterUnderTest, snapshotterSuite, tarOf } from '../snapshotter-suite.ts';

interface Opened extends SnapshotterUnderTest {
  readonly snapshots: OverlaySnapshotter;
}

/** `isKept` is the engine's answer at start. */
async function open(directory: string, isKept = (_key: string): boolean => false): Promise<Opened> {
  const metadata = new MetadataStore(join(directory, 'naru.db'));
  const snapshots = new OverlaySnapshotter({
    root: join(directory, 'snapshots'),
    metadata,
    isRootless: false,
    linksFrom: 1,
  });
  await snapshots.recover(isKept);
  const close = async (): Promise<void> => {
    await snapshots.close();
    metadata.close();
  };
  return { snapshots, close };
}

function cleanUp(directory: string): void {
  for (const point of mountPointsBelow(directory)) unmountIfMounted(point);
  fs.rmSync(directory, { recursive: true, force: true });
}

snapshotterSuite('overlay snapshotter', async () => {
  const directory = fs.mkdtempSync(join(tmpdir(), 'naru-overlay-'));
  const opened = await open(directory);
  const close = async (): Promise<void> => {
    await opened.close();
    assert.deepEqual(mountPointsBelow(directory), [], 'no mount is left');
    cleanUp(directory);
  };
  return { snapshots: opened.snapshots, close };
});

describe('overlay snapshotter, its own', () => {
  let directory = '';
  beforeEach(() => {
    directory = fs.mkdtempSync(join(tmpdir(), 'naru-overlay-'));
  });
  afterEach(() => cleanUp(directory));

  for (const name of ['plain', `long-${'x'.repeat(150)}`, 'odd:name,with\\marks and blanks']) {
    it(`mounts 127 layers below ${name.slice(0, 30)}`, async () => {
      const { snapshots, close } = await open(fs.mkdtempSync(join(directory, name)));
      let parent: string | undefined;
      for (let n = 1; n <= 127; n += 1) {
        await snapshots.applyLayer(`layer-${n}`, parent, tarOf(`file-${n}:${n}`));
        parent = `layer-${n}`;
      }
      const before = process.cwd();
      await snapshots.prepare('active', parent);
      const root = await snapshots.mount('active');
      assert.equal(fs.readdirSync(root).length, 127);
      fs.writeFileSync(join(root, 'written'), '');
      assert.equal(process.cwd(), before);
      assert.equal((await (await snapshots.tree('layer-127')).walk('')).length, 128);
      await snapshots.remove('active');
      await close();
    }).timeout(60_000);
  }

  it('keeps mounts of containers and removes the rest when it starts again', async () => {
    const first = await open(directory);
    await first.snapshots.applyLayer('base', undefined, tarOf('a:1'));
    for (const key of ['container', 'build']) await first.snapshots.prepare(key, 'base');
    const root = await first.snapshots.mount('container');
    await first.snapshots.mount('build');
    await first.close();
    fs.mkdirSync(join(directory, 'snapshots/new-half/fs'), { recursive: true });
    fs.mkdirSync(join(directory, 'snapshots/999/fs'), { recursive: true });

    const second = await open(directory, (key) => key === 'container');
    assert.deepEqual(
      (await second.snapshots.list()).map(({ name }) => name),
      ['base', 'container'],
    );
    assert.deepEqual(mountPointsBelow(directory), [root]);
    assert.equal(await second.snapshots.mount('container'), root);
    assert.deepEqual(fs.readdirSync(join(directory, 'snapshots')).length, 2);
    await second.snapshots.unmount('container');
    await second.close();
    assert.deepEqual(mountPointsBelow(directory), []);
  });

  it('shows one layer without giving it away', async () => {
    const { snapshots, close } = await open(directory);
    await snapshots.applyLayer('base', undefined, tarOf('a:1'));
    await snapshots.view('view', 'base');
    const root = await snapshots.mount('view');
    mount('', root, '', MS.BIND | MS.REMOUNT, '');
    assert.throws(() => fs.writeFileSync(join(root, 'a'), 'changed'), { code: 'EROFS' });
    await snapshots.remove('view');
    await close();
  });

  it('is not mounted to be written once it holds files of other layers, and not written beside a mount', async () => {
    const { snapshots, close } = await open(directory);
    await snapshots.applyLayer('from', undefined, tarOf('a:1'));
    for (const key of ['linked', 'mounted']) await snapshots.prepare(key, undefined);
    const tree = await new Workspace(snapshots, () => undefined).tree('from');
    const { landed } = await landSelection(tree, { kind: 'tree', path: '' });
    const linked = await snapshots.layerRoot('linked');
    await placeFiles({ root: linked, destination: '/', landed, tree });
    await assert.rejects(snapshots.mount('linked'), { code: 'E_LAYER_LINKED' });
    await snapshots.commit('linked', 'kept');
    assert.throws(() => linked.openDirectory('/'), { code: 'E_LAYER_SEALED' });
    const mounted = await snapshots.layerRoot('mounted');
    await snapshots.mount('mounted');
    assert.throws(() => mounted.openDirectory('/'), { code: 'E_LAYER_SEALED' });
    await snapshots.remove('mounted');
    await close();
  });

  it('is dated back without the files that other layers hold', async () => {
    const { snapshots, close } = await open(directory);
    const tar = tarOf({ path: 'a', kind: 'file', mtimeNs: 9_000_000_000n });
    await snapshots.applyLayer('from', undefined, tar);
    await snapshots.prepare('linked', undefined);
    const tree = await new Workspace(snapshots, () => undefined).tree('from');
    const { landed } = await landSelection(tree, { kind: 'tree', path: '' });
    const root = await snapshots.layerRoot('linked');
    await placeFiles({ root, destination: '/d', landed, tree });
    await snapshots.clampTimes('linked', 4_000_000_000n);
    await snapshots.commit('linked', 'kept');
    await close();
    const again = await open(directory); // trees are remembered
    const [from, kept] = await Promise.all([again.snapshots.tree('from'), again.snapshots.tree('kept')]);
    assert.equal((await from.stat('a'))?.mtimeNs, 9_000_000_000n);
    assert.equal((await kept.stat('d/a'))?.mtimeNs, 9_000_000_000n);
    assert.equal((await kept.stat('d'))?.mtimeNs, 4_000_000_000n);
    await again.close();
  });

  it('gives up what a crash of the machine may have torn, and keeps what was on disk', async () => {
    const { snapshots, close } = await open(directory);
    for (const [name, parent] of [
      ['disk', undefined],
      ['torn', 'disk'],
      ['above', 'torn'],
    ] as const) {
      await snapshots.prepare(`key-${name}`, parent);
      await snapshots.commit(`key-${name}`, name);
      await snapshots.layerInfo(name);
    }
    await close();
    const metadata = new MetadataStore(join(directory, 'naru.db'));
    const unsynced = metadata.collection('unsynced-snapshot', (value) => value);
    assert.deepEqual(unsynced.ids(), [], 'whoever has the digest has it on disk');
    unsynced.put('torn', { boot: 'an earlier one' });
    metadata.close();
    const again = await open(directory);
    const names = (await again.snapshots.list()).map(({ name }) => name);
    assert.deepEqual(
      ['disk', 'torn', 'above'].map((name) => names.includes(name)),
      [true, false, false],
    );
    await again.close();
  });

  it('brings to disk before it closes what nobody waited for', async () => {
    const { snapshots, close } = await open(directory);
    await snapshots.prepare('key', undefined);
    await snapshots.commit('key', 'kept');
    snapshots.hashAhead('kept');
    await close();
    const metadata = new MetadataStore(join(directory, 'naru.db'));
    assert.deepEqual(metadata.collection('unsynced-snapshot', (value) => value).ids(), []);
    metadata.close();
  });

  it('keeps nothing of what was being written when the disk failed', async () => {
    const { snapshots, close } = await open(directory);
    const sync = Reflect.get(LayerThreads.prototype, 'sync');
    try {
      await snapshots.prepare('whole', undefined);
      await snapshots.commit('whole', 'lost');
      await snapshots.prepare('being written', undefined);
      LayerThreads.prototype.sync = async () => {
        throw new Error('EIO: i/o error, syncfs');
      };
      await assert.rejects(snapshots.layerInfo('lost'), /EIO/);
      LayerThreads.prototype.sync = sync;
      await assert.rejects(snapshots.commit('being written', 'torn'), {
        code: 'E_DISK_SYNC',
        message: /EIO/,
      });
      assert.equal(await snapshots.stat('torn'), undefined);
      await snapshots.remove('being written');
      await snapshots.prepare('later', undefined);
      await snapshots.commit('later', 'kept');
      await snapshots.layerInfo('kept');
    } finally {
      LayerThreads.prototype.sync = sync;
      await close();
    }
  });

  it('brings to disk what came as a tar', async () => {
    const { snapshots, close } = await open(directory);
    const sync = Reflect.get(LayerThreads.prototype, 'sync');
    LayerThreads.prototype.sync = async () => {
      throw new Error('EIO: i/o error, syncfs');
    };
    try {
      await snapshots.applyLayer('applied', undefined, tarOf({ path: 'file' }));
      await assert.rejects(snapshots.layerInfo('applied'), /EIO/);
      assert.ok(snapshots.isLost('applied'));
    } finally {
      LayerThreads.prototype.sync = sync;
      await close();
    }
  });

  it('leaves nothing of a mount beside a layer', async () => {
    const { snapshots, close } = await open(directory);
    await snapshots.prepare('below', undefined);
    await snapshots.commit('below', 'base');
    await snapshots.prepare('key', 'base');
    fs.writeFileSync(join(await snapshots.mount('key', { isVolatile: true }), 'file'), '');
    await snapshots.commit('key', 'kept');
    await close();
    const layer = join(directory, 'snapshots', '2');
    assert.deepEqual(fs.readdirSync(layer), ['fs']);
    fs.mkdirSync(join(layer, 'work/work/incompat/volatile'), { recursive: true });
    const again = await open(directory); // as after a kill
    await again.close();
    assert.deepEqual(fs.readdirSync(layer), ['fs']);
  });

  it('brings to disk what an engine that was killed had not', async () => {
    const { snapshots, close } = await open(directory);
    await snapshots.prepare('key', undefined);
    await snapshots.commit('key', 'late');
    await snapshots.layerInfo('late');
    await close();
    const metadata = new MetadataStore(join(directory, 'naru.db'));
    const unsynced = metadata.collection('unsynced-snapshot', (value) => value);
    unsynced.put('late', { boot: fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() });
    metadata.close(); // an open one is one process's alone
    const again = await open(directory);
    assert.ok(await again.snapshots.stat('late'));
    await again.close();
    const after = new MetadataStore(join(directory, 'naru.db'));
    assert.deepEqual(after.collection('unsynced-snapshot', (value) => value).ids(), []);
    after.close();
  });

  it('is whole after kill -9 at any moment', async () => {
    for (let round = 0; round < 4; round += 1) {
      const child = spawn(process.execPath, [join(import.meta.dirname, 'churn.ts'), directory], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      for (let nLines = 0; nLines < 3 + round * 5; nLines += 1) await once(child.stdout, 'data');
      child.kill('SIGKILL');
      await once(child, 'exit');
      const { snapshots, close } = await open(directory);
      const infos = await snapshots.list();
      const parents = new Set(infos.map(({ name }) => name));
      assert.ok(
        infos.every(
          ({ parent, state }) => state === 'committed' && (parent === undefined || parents.has(parent)),
        ),
      );
      for (const { name } of infos) {
        const { diffId } = await snapshots.layerInfo(name);
        assert.equal(digestOf(await bytesOf(snapshots.exportLayer(name))), diffId);
        assert.ok((await (await snapshots.tree(name)).walk('')).length > 1);
      }
      assert.equal(fs.readdirSync(join(directory, 'snapshots')).length, infos.length);
      await close();
    }
  }).timeout(120_000);

  it('gives back the exact bytes of archives that other tools wrote', async () => {
    const source = join(directory, 'source');
    fs.mkdirSync(join(source, 'd'.repeat(90), 'sub'), { recursive: true });
    fs.writeFileSync(join(source, 'd'.repeat(90), 'sub', 'f'.repeat(50)), 'long');
    fs.writeFileSync(join(source, 'big'), Buffer.alloc(3_000_000, 'naru '));
    fs.linkSync(join(source, 'big'), join(source, 'zlink'));
    fs.symlinkSync('big', join(source, 'symlink'));
    fs.mkdirSync(join(source, 'empty'));
    const { snapshots, close } = await open(join(directory));
    const variants = [
      ['--format=gnu'],
      ['--format=pax'],
      ['--format=ustar'],
      ['--format=v7', '--exclude=d*'],
      ['--format=gnu', '--sort=name', '--blocking-factor=40', '--owner=user', '--mtime=@1.5'],
      ['--format=pax', '--transform=s,^\\./,,'],
      ['--format=oldgnu', '--no-recursion'],
    ];
    for (const [index, options] of variants.entries()) {
      const bytes = execFileSync('tar', ['-C', source, ...options, '-c', '.', './big'], {
        maxBuffer: 1 << 26,
      });
      const { diffId } = await snapshots.applyLayer(`layer-${index}`, undefined, Readable.from([bytes]));
      assert.equal(diffId, digestOf(bytes), options.join(' '));
      assert.ok((await bytesOf(snapshots.exportLayer(`layer-${index}`))).equals(bytes), options.join(' '));
    }
    await close();
  });

  it('says so when files of a layer were changed on disk', async () => {
    const { snapshots, close } = await open(directory);
    await snapshots.applyLayer('base', undefined, tarOf('a:1'));
    fs.writeFileSync(join(directory, 'snapshots/1/fs/a'), '2');
    await assert.rejects(bytesOf(snapshots.exportLayer('base')), { code: 'E_LAYER_CHANGED' });
    fs.writeFileSync(join(directory, 'snapshots/1/fs/a'), '22');
    await assert.rejects(bytesOf(snapshots.exportLayer('base')), { code: 'E_LAYER_RECIPE' });
    await close();
  });

  it('stops applying when the caller leaves, exporting when the stream is destroyed', async () => {
    const { snapshots, close } = await open(directory);
    const applying = snapshots.applyLayer('base', undefined, tarOf('a:1'), AbortSignal.abort());
    await assert.rejects(applying, { kind: 'cancelled' });
    await snapshots.prepare('active', undefined);
    fs.writeFileSync(join(await snapshots.mount('active'), 'big'), Buffer.alloc(20_000_000));
    await snapshots.commit('active', 'big');
    for await (const _ of snapshots.exportLayer('big')) break;
    assert.equal((await bytesOf(snapshots.exportLayer('big'))).length % 512, 0);
    await close();
  });
});
