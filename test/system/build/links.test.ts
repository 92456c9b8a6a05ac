/** Files that layers share: one inode where it may be, never two names of one inode in an image, and nothing is ever written through. Needs root and the native tools. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import koffi from 'koffi';

import { digestHex, digestOf } from '../../../core/oci/digest.ts';
import { landSelection } from '../../../core/build/requests.ts';
import { placeFiles } from '../../../runtime/build/place-files.ts';
import { Workspace } from '../../../runtime/build/workspace.ts';
import { llistxattr, lsetxattr, MNT, mount, umount } from '../../../runtime/host/syscalls.ts';
import { damagedContents, doubled, filesOfLayers, type LayerFile, storeOf, tarLinks } from './layer-files.ts';
import { type Built, type ContextFiles, makeRig, openRig, type Rig, textIn } from './rig.ts';

const SRC: ContextFiles = {
  'src/one': 'one',
  'src/two': { content: 'two', mode: 0o755, mtimeNs: 1_700_000_000_123_456_789n },
  'src/sub/empty': '',
};

describe('linked files', function () {
  this.timeout(60_000);
  let rig: Rig;
  beforeEach(async () => {
    rig = await makeRig();
  });
  afterEach(() => rig.close());

  /** Builds, and checks what holds for every image. */
  async function build(
    dockerfile: string,
    context: ContextFiles,
    doubles: readonly string[] = [],
  ): Promise<Built> {
    const built = await rig.build(dockerfile, context);
    const { snapshots } = built.image;
    const files = await filesOfLayers(rig, snapshots);
    assert.deepEqual(doubled(files), doubles, 'no inode has two names');
    assert.deepEqual(
      await tarLinks(rig, snapshots),
      doubles.slice(1).map((path) => path.slice(1)),
      'no member is a hard link',
    );
    assert.deepEqual(damagedContents(rig), []);
    return built;
  }

  async function filesOf({ image }: Built): Promise<ReadonlyMap<string, LayerFile>> {
    return new Map((await filesOfLayers(rig, image.snapshots)).map((file) => [file.path, file]));
  }

  /** How many names the inode has: in the store, in layers. */
  async function nLinks(built: Built, path: string): Promise<number> {
    const file = (await filesOf(built)).get(path);
    assert.ok(file, path);
    return Number(file.stats.nlink);
  }

  function storedInode(content: string): bigint {
    return fs.statSync(join(storeOf(rig), digestHex(digestOf(content))), { bigint: true }).ino;
  }

  it('are one inode in the store, in a stage and in the image', async () => {
    const built = await build('FROM busybox AS a\nCOPY src /a\nFROM busybox\nCOPY --from=a /a /b\n', SRC);
    const files = await filesOf(built);
    for (const [path, content] of [
      ['/b/one', 'one'],
      ['/b/two', 'two'],
      ['/b/sub/empty', ''],
    ] as const) {
      const stats = files.get(path)?.stats;
      assert.deepEqual([stats?.nlink, stats?.ino], [3n, storedInode(content)], path);
    }
    const { stats } = files.get('/b/two') ?? assert.fail();
    assert.deepEqual(
      [Number(stats.mode & 0o7777n), stats.mtimeNs, stats.uid],
      [0o755, 1_700_000_000_123_456_789n, 0n],
    );
  });

  it('are linked again by the next build, from the store and from what a command made', async () => {
    const dockerfile = (text: string): string =>
      `FROM busybox AS a\nCOPY src /a\nRUN echo made > /a/made\nFROM busybox\nLABEL l=${text}\nRUN echo ${text}\nCOPY --from=a /a /b\n`;
    const first = await build(dockerfile('x'), SRC);
    const second = await build(dockerfile('y'), SRC);
    assert.deepEqual([await nLinks(first, '/b/one'), await nLinks(second, '/b/one')], [4, 4]);
    assert.equal(await nLinks(second, '/b/made'), 3, "the command's layer and two images");
  });

  it('are those alone that no compressor is given', async () => {
    const names = [
      'app.js',
      'm/node_modules/p/a.js',
      'm/node_modules/p/a.tgz',
      'dump.sql.gz',
      'x.1',
      'README',
    ];
    const context = Object.fromEntries(names.map((name) => [`src/${name}`, name]));
    const built = await build('FROM busybox\nCOPY src /x\n', context);
    const counts = await Promise.all(names.map((name) => nLinks(built, `/x/${name}`)));
    assert.deepEqual(counts, [1, 2, 1, 1, 1, 2]);
  });

  const copied: readonly [string, string, ContextFiles, readonly string[]][] = [
    [
      'a stage that goes on from the one it copies',
      'FROM busybox AS a\nCOPY src /a\nFROM a\nCOPY --from=a /a /b\n',
      SRC,
      [],
    ],
    ['the same file in two places', 'FROM busybox\nCOPY src/one /x/\nCOPY src/one /y/\n', SRC, []],
    [
      'the same context in two places',
      'FROM busybox\nCOPY . /x\nCOPY . /y\nCOPY --link . /z\nCOPY --link src /w\n',
      SRC,
      [],
    ],
    ['the same context in the same place', 'FROM busybox\nCOPY . /x\nCOPY . /x\n', SRC, []],
    ['equal and empty files', 'FROM busybox\nCOPY . /x\n', { a: '', b: '', 'c/a': '', d: 'd', e: 'd' }, []],
    [
      'two sources on one destination',
      'FROM busybox\nCOPY a/f b/f c/f /d/\n',
      { 'a/f': '1', 'b/f': '2', 'c/f': '1' },
      [],
    ],
    [
      'sources of two kinds on one destination',
      'FROM busybox AS a\nCOPY src /a\nFROM busybox\nCOPY --from=a /a/one /d/f\nCOPY --from=a /a/one /a/two /d/\nADD src/one /d/f\n',
      SRC,
      [],
    ],
    [
      'a file that a command made and another stage took',
      'FROM busybox AS r\nRUN echo made > /f\nFROM busybox AS t\nCOPY --from=r /f /f\nFROM r\nCOPY --from=t /f /g\nCOPY --from=r /f /h\n',
      {},
      [],
    ],
    ['files of the image below', 'FROM busybox AS a\nFROM a\nCOPY --from=a /bin /other\n', {}, []],
    [
      'links of a merge',
      'FROM busybox AS a\nCOPY --link src /a\nFROM a\nCOPY --link --from=a /a /b\nCOPY --from=a /a /c\n',
      SRC,
      [],
    ],
    ['triggers', 'FROM busybox AS a\nONBUILD COPY src /x\nFROM a\nCOPY src /y\n', SRC, []],
  ];
  for (const [what, dockerfile, context, doubles] of copied) {
    it(`have one name in an image: ${what}`, async () => {
      const first = await build(dockerfile, context, doubles);
      const again = await rig.build(dockerfile, context, { options: { noCache: true } });
      assert.deepEqual(
        doubled(await filesOfLayers(rig, again.image.snapshots)),
        doubles,
        'the second time as well',
      );
      const [before, after] = [await listed(first), await listed(again)];
      assert.deepEqual(after, before);
    });
  }

  async function listed({ tree }: Pick<Built, 'tree'>): Promise<readonly unknown[]> {
    const entries = (await tree.walk('')).filter(({ kind }) => kind === 'file');
    const digests = await tree.digests(entries.map(({ path }) => path));
    return entries.map(({ path, mode, uid, gid }, at) => [path, mode, uid, gid, digests[at]]);
  }

  it('take the attributes of the newest files, for the build after the next', async () => {
    const of = (mtimeNs: bigint): ContextFiles => ({ f: { content: 'f', mtimeNs } });
    const dockerfile = (n: number): string => `FROM busybox\nLABEL n=${n}\nRUN true ${n}\nCOPY f /f\n`;
    const [old, renewed, newest] = [
      await build(dockerfile(1), of(1_000n)),
      await build(dockerfile(2), of(2_000n)),
      await build(dockerfile(3), of(2_000n)),
    ];
    const inodes = await Promise.all(
      [old, renewed, newest].map(async (one) => (await filesOf(one)).get('/f')?.stats),
    );
    assert.deepEqual(
      inodes.map((stats) => stats?.mtimeNs),
      [1_000n, 2_000n, 2_000n],
    );
    assert.equal(inodes[1]?.ino, inodes[2]?.ino);
    assert.equal(inodes[2]?.ino, storedInode('f'));
    assert.notEqual(inodes[0]?.ino, storedInode('f'));
  });

  it('are not renewed back and forth by equal files of one context', async () => {
    const context: ContextFiles = {
      a: { content: 'x', mtimeNs: 1_000n },
      b: { content: 'x', mtimeNs: 2_000n },
    };
    await build('FROM busybox\nCOPY a b /d/\n', context);
    const inode = storedInode('x');
    await build('FROM busybox\nRUN true\nCOPY a b /d/\n', context);
    assert.equal(storedInode('x'), inode);
  });

  it('are free to look different once no layer holds them', async () => {
    const first = await build('FROM busybox\nCOPY src/one /one\n', SRC);
    const inode = storedInode('one');
    for (const name of first.image.snapshots.toReversed())
      if (name !== 'busybox') await rig.snapshots.remove(name);
    const second = await build('FROM busybox\nCOPY --chown=5:6 --chmod=2711 src/one /one\n', SRC);
    const stats = (await filesOf(second)).get('/one')?.stats;
    assert.deepEqual(
      [stats?.ino, stats?.nlink, stats?.uid, stats?.gid, Number((stats?.mode ?? 0n) & 0o7777n)],
      [inode, 2n, 5n, 6n, 0o2711],
    );
  });

  it('stay hard links where a command made them', async () => {
    await build('FROM busybox\nRUN mkdir /d && echo x > /d/a && ln /d/a /d/b\n', {}, ['/d/a', '/d/b']);
    await build(
      'FROM busybox AS a\nRUN mkdir /d && echo x > /d/a && ln /d/a /d/b\nFROM busybox\nCOPY --from=a /d /e\n',
      {},
      ['/e/a', '/e/b'],
    );
  });

  it('keep what is written to them to the writer', async () => {
    const dockerfile = `FROM busybox
COPY src /src
RUN cd /src && echo more >> one && chmod 600 two && chown 5:6 two && : > sub/empty && echo changed > sub/empty
RUN cd /src && printf X | dd of=two conv=notrunc 2> /dev/null && ln one other && mv sub/empty sub/full && rm one
`;
    const { tree, image } = await build(dockerfile, SRC);
    assert.deepEqual(
      await Promise.all(['src/other', 'src/two', 'src/sub/full'].map((path) => textIn(tree, path))),
      ['onemore\n', 'Xwo', 'changed\n'],
    );
    const copied = await rig.snapshots.tree(image.snapshots[1] ?? '');
    assert.deepEqual(
      await Promise.all(['src/one', 'src/two', 'src/sub/empty'].map((path) => textIn(copied, path))),
      ['one', 'two', ''],
    );
    const two = await copied.stat('src/two');
    assert.deepEqual(
      [two?.mode, two?.uid, two?.gid, two?.mtimeNs],
      [0o755, 0, 0, 1_700_000_000_123_456_789n],
    );
  });

  it('keep what is written to a layer of its own in the layer, where nothing is below', async () => {
    const dockerfile = `FROM scratch AS s
COPY src /src
FROM busybox AS w
RUN --mount=from=s,target=/s,rw echo more >> /s/src/one && cat /s/src/one > /seen
RUN --mount=target=/c,rw echo more >> /c/src/one && rm /c/src/two && cat /c/src/one >> /seen
FROM s
COPY --from=busybox /bin /bin
RUN ["/bin/sh", "-c", "echo more >> /src/one"]
COPY --from=w /seen /seen
`;
    const { tree } = await build(dockerfile, SRC);
    assert.equal(await textIn(tree, 'seen'), 'onemore\nonemore\n');
    assert.equal(await textIn(tree, 'src/one'), 'onemore\n');
  });

  it('are what a bind mount of the context shows, and what is written to it is not', async () => {
    const dockerfile = `FROM busybox
RUN --mount=target=/c stat -c %h /c/src/one > /seen && ! touch /c/src/one && ls /c/src | wc -l >> /seen
RUN --mount=source=src/two,target=/two,rw echo more >> /two && cat /two >> /seen
`;
    const { tree, image } = await build(dockerfile, SRC);
    assert.equal(await textIn(tree, 'seen'), '2\n3\ntwomore\n');
    const left = (await rig.snapshots.list()).map(({ name }) => name);
    assert.deepEqual(left.toSorted(), [...image.snapshots].toSorted());
    const stats = fs.statSync(join(storeOf(rig), digestHex(digestOf('two'))));
    assert.equal(stats.nlink, 1, 'the layer for it is gone');
  });

  it('keep attributes and mapped memory to the writer', async () => {
    const { image, tree } = await build('FROM busybox\nCOPY src /src\n', SRC);
    const before = await listed(await build('FROM busybox\nCOPY src /src\n', SRC));
    await rig.snapshots.prepare('container', image.snapshots.at(-1));
    const root = join(await rig.snapshots.mount('container'), 'src');
    lsetxattr(join(root, 'one'), 'user.mine', Buffer.from('1'));
    fs.truncateSync(join(root, 'sub/empty'), 10);
    fs.utimesSync(join(root, 'two'), 1, 1);
    writeMapped(join(root, 'two'), 'TWO');
    assert.equal(fs.readFileSync(join(root, 'two'), 'utf8'), 'TWO');
    await rig.snapshots.remove('container');
    assert.deepEqual(damagedContents(rig), []);
    assert.deepEqual(await tarLinks(rig, image.snapshots), []);
    assert.deepEqual(await listed({ tree }), before);
    assert.deepEqual(llistxattr(join(storeOf(rig), digestHex(digestOf('one')))), []);
  });

  it("are out of reach of whoever has their owner's number on the host", async () => {
    fs.chmodSync(rig.root, 0o755); // the rig's own door is shut
    const dockerfile = `FROM busybox
COPY --chown=1234:1234 src /src
RUN --mount=type=cache,target=/c,uid=1234 cp /src/two /c/
`;
    const built = await build(dockerfile, SRC);
    const layer = (await filesOf(built)).get('/src/one') ?? assert.fail();
    const caches = join(rig.root, 'build/cache-mounts');
    const cached = join(caches, fs.readdirSync(caches)[0] ?? assert.fail(), 'two');
    const stored = join(storeOf(rig), digestHex(digestOf('one')));
    assert.equal(fs.statSync(stored).uid, 1234);
    for (const path of [stored, layer.hostPath, cached]) {
      const { status } = spawnSync('sh', ['-c', 'echo more >> "$0"', path], { uid: 1234, gid: 1234 });
      assert.notEqual(status, 0, path);
    }
    assert.deepEqual(damagedContents(rig), []);
  });

  it('are shut away where an earlier engine left them open', async () => {
    const directories = ['snapshots', 'build/contexts/content', 'build/cache-mounts'].map((name) =>
      join(rig.root, name),
    );
    for (const path of directories) fs.chmodSync(path, 0o755);
    rig = await rig.reopen();
    assert.deepEqual(
      directories.map((path) => fs.statSync(path).mode & 0o777),
      [0o700, 0o700, 0o700],
    );
  });

  const unlike: readonly [string, string, string][] = [
    ['another mode', 'COPY --chmod=600 --from=a /a /b', '/b/one'],
    ['another owner', 'COPY --chown=7:8 --from=a /a /b', '/b/one'],
    ['a place where programs count links', 'COPY --from=a /a/one /etc/cron.d/job', '/etc/cron.d/job'],
    ['such a place behind a link', 'RUN ln -s etc /e\nCOPY --from=a /a/one /e/cron.d/job', '/etc/cron.d/job'],
  ];
  for (const [what, instruction, path] of unlike) {
    it(`are copied for ${what}`, async () => {
      const built = await build(`FROM busybox AS a\nCOPY src /a\nFROM busybox\n${instruction}\n`, SRC);
      assert.equal(await nLinks(built, path), 1);
      assert.equal(await textIn(built.tree, path), 'one');
    });
  }
});

describe('files that cannot be linked', function () {
  this.timeout(120_000);

  it('are copied from another file system', async () => {
    const root = fs.mkdtempSync(join(tmpdir(), 'naru-build-'));
    const contexts = join(root, 'build/contexts');
    fs.mkdirSync(contexts, { recursive: true });
    mount('tmpfs', contexts, 'tmpfs', 0, '');
    const rig = await openRig(root, randomBytes(4).toString('hex'));
    try {
      const { tree, image } = await rig.build('FROM busybox\nCOPY src /src\n', SRC);
      assert.equal(await textIn(tree, 'src/one'), 'one');
      assert.deepEqual(
        (await filesOfLayers(rig, image.snapshots.slice(1))).map(({ stats }) => stats.nlink),
        [1n, 1n, 1n],
      );
    } finally {
      umount(contexts, MNT.DETACH);
      await rig.close();
    }
  });

  it('are copied when the file has as many names as it may', async function () {
    const rig = await makeRig();
    try {
      await rig.build('FROM busybox\nCOPY src/one /one\n', SRC);
      const stored = join(storeOf(rig), digestHex(digestOf('one')));
      const full = linkOften(stored, fs.mkdtempSync(join(rig.root, 'names-')));
      if (!full) {
        console.log('skipped: this file system lets a file have more than 70,000 names; ext4 would refuse');
        this.skip();
      }
      const { tree, image } = await rig.build('FROM busybox\nRUN true\nCOPY src/one /one\n', SRC);
      assert.equal(await textIn(tree, 'one'), 'one');
      assert.deepEqual(
        (await filesOfLayers(rig, image.snapshots.slice(1))).map(({ stats }) => stats.nlink),
        [1n],
      );
    } finally {
      await rig.close();
    }
  });

  it('are copied when they have, or would get, an access control list', async () => {
    const rig = await makeRig();
    const { snapshots } = rig;
    try {
      await snapshots.prepare('key-from', undefined);
      const from = await snapshots.mount('key-from');
      for (const name of ['plain', 'listed', 'attributed']) fs.writeFileSync(join(from, name), name);
      lsetxattr(join(from, 'listed'), 'system.posix_acl_access', ACL);
      lsetxattr(join(from, 'attributed'), 'user.mine', Buffer.from('1'));
      await snapshots.commit('key-from', 'from');
      await snapshots.prepare('key-below', undefined);
      const below = await snapshots.mount('key-below');
      for (const name of ['plain', 'handing-down']) fs.mkdirSync(join(below, name));
      lsetxattr(join(below, 'handing-down'), 'system.posix_acl_default', ACL);
      await snapshots.commit('key-below', 'below');
      await snapshots.prepare('key', 'below');
      const root = await snapshots.layerRoot('key');
      const tree = await new Workspace(snapshots, () => undefined).tree('from');
      for (const destination of ['/handing-down', '/plain']) {
        const { landed } = await landSelection(tree, { kind: 'tree', path: '' });
        await placeFiles({ root, destination, landed, tree });
      }
      await snapshots.commit('key', 'top');
      const files = await filesOfLayers(rig, ['top']);
      assert.deepEqual(
        files.map(({ path, hostPath, stats }) => [path, Number(stats.nlink), llistxattr(hostPath)]),
        [
          ['/handing-down/attributed', 1, ['system.posix_acl_access', 'user.mine']],
          ['/handing-down/listed', 1, ['system.posix_acl_access']],
          ['/handing-down/plain', 1, ['system.posix_acl_access']],
          ['/plain/attributed', 2, ['user.mine']],
          ['/plain/listed', 1, []],
          ['/plain/plain', 2, []],
        ],
      );
    } finally {
      await rig.close();
    }
  });

  it('are copied over layers of which nothing is known any more', async () => {
    let rig = await makeRig();
    try {
      const dockerfile = 'FROM busybox\nCOPY src /src\n';
      const { image } = await rig.build(dockerfile, SRC);
      const { upper } = await rig.snapshots.layerDirectories(image.snapshots.at(-1) ?? '');
      fs.truncateSync(join(upper, '../inodes'), 20);
      rig = await rig.reopen();
      const again = await rig.build(`${dockerfile}COPY src /again\n`, SRC);
      const files = await filesOfLayers(rig, again.image.snapshots.slice(-1));
      assert.deepEqual(
        files.map(({ stats }) => stats.nlink),
        [1n, 1n, 1n],
      );
      assert.deepEqual(await again.tree.digests(['src/one', 'again/one']), [
        digestOf('one'),
        digestOf('one'),
      ]);
    } finally {
      await rig.close();
    }
  });
});

/** For users 5 beside the owner: acl(5) in the kernel's format, version 2 and tag, permissions, id for each entry. */
const ACL = Buffer.from(
  new Uint8Array([
    2,
    0,
    0,
    0,
    ...entry(1, 6),
    ...entry(2, 4, 5),
    ...entry(4, 4),
    ...entry(16, 4),
    ...entry(32, 4),
  ]),
);

function entry(tag: number, permissions: number, id?: number): readonly number[] {
  return [tag, 0, permissions, 0, ...(id === undefined ? [255, 255, 255, 255] : [id, 0, 0, 0])];
}

/** Whether the file system refused at last. */
function linkOften(path: string, directory: string): boolean {
  try {
    for (let n = 0; n < 70_000; n += 1) fs.linkSync(path, join(directory, String(n)));
    return false;
  } catch (error) {
    assert.ok(error instanceof Error && 'code' in error && error.code === 'EMLINK', String(error));
    return true;
  }
}

/** Writes the beginning of a file through a shared mapping, with mmap(2). */
function writeMapped(path: string, text: string): void {
  const libc = koffi.load(null);
  const mmap = libc.func('mmap', 'void *', ['void *', 'size_t', 'int', 'int', 'int', 'long']);
  const munmap = libc.func('munmap', 'int', ['void *', 'size_t']);
  const fd = fs.openSync(path, 'r+');
  const address: unknown = mmap(null, text.length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  koffi.encode(address, koffi.array('uint8', text.length), Buffer.from(text));
  assert.equal(munmap(address, text.length), 0);
  fs.closeSync(fd);
}

const [PROT_READ, PROT_WRITE, MAP_SHARED] = [1, 2, 1];
