/** Each binding of runtime/host/syscalls.ts against the running kernel, and resolution of untrusted paths. Needs root. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  openRoot,
  type ResolvedPath,
  resolveDirectoryInRoot,
  resolveInRoot,
  resolveLinkInRoot,
} from '../../runtime/host/resolve-in-root.ts';
import * as sys from '../../runtime/host/syscalls.ts';

describe('system calls', () => {
  let dir = '';
  beforeEach(() => {
    dir = fs.mkdtempSync(join(tmpdir(), 'naru-syscalls-'));
  });
  afterEach(() => {
    fs.rmSync(dir, { recursive: true, force: true });
  });

  it('makes device nodes with large numbers, fifos and whiteouts', () => {
    for (const [name, major, minor] of [
      ['null', 1, 3],
      ['wide', 259, 70000],
      ['whiteout', 0, 0],
    ] as const) {
      sys.mknod(join(dir, name), fs.constants.S_IFCHR | 0o600, major, minor);
      assert.deepEqual(sys.deviceNumbers(fs.lstatSync(join(dir, name)).rdev), { major, minor });
    }
    sys.mknod(join(dir, 'fifo'), fs.constants.S_IFIFO | 0o640, 0, 0);
    assert.ok(fs.lstatSync(join(dir, 'fifo')).isFIFO());
  });

  it('sets, lists, reads and removes extended attributes, of links too', () => {
    const file = join(dir, 'file');
    fs.writeFileSync(file, '');
    const long = new Uint8Array(3000).fill(7);
    sys.lsetxattr(file, 'trusted.long', long);
    sys.lsetxattr(file, 'user.empty', new Uint8Array());
    assert.deepEqual([...sys.llistxattr(file)].sort(), ['trusted.long', 'user.empty']);
    assert.deepEqual(sys.lgetxattr(file, 'trusted.long'), long);
    assert.deepEqual(sys.lgetxattr(file, 'user.empty'), new Uint8Array());
    sys.lremovexattr(file, 'trusted.long');
    sys.lremovexattr(file, 'trusted.long');
    assert.equal(sys.lgetxattr(file, 'trusted.long'), undefined);
    fs.symlinkSync('file', join(dir, 'link'));
    sys.lsetxattr(join(dir, 'link'), 'trusted.mine', Buffer.from('1'));
    assert.equal(sys.lgetxattr(file, 'trusted.mine'), undefined);
  });

  it('reports errors as node:fs does', () => {
    const path = join(dir, 'absent');
    assert.throws(() => sys.lsetxattr(path, 'user.a', new Uint8Array()), { code: 'ENOENT', path, errno: -2 });
    assert.throws(() => sys.umount(dir, 0), { code: 'EINVAL', syscall: 'umount2' });
    assert.throws(() => sys.lgetxattr('a\0b', 'user.a'), { code: 'EINVAL' });
  });

  it('keeps nanoseconds, before the epoch and of links', () => {
    fs.symlinkSync('nowhere', join(dir, 'link'));
    for (const time of [1_700_000_000_123_456_789n, -1n, 0n]) {
      sys.lutimens(join(dir, 'link'), time);
      assert.equal(fs.lstatSync(join(dir, 'link'), { bigint: true }).mtimeNs, time);
    }
  });

  it('handles names that are not UTF-8', () => {
    const name = Buffer.concat([Buffer.from(`${dir}/`), Buffer.from([0xff, 0xfe])]);
    sys.mknod(name, fs.constants.S_IFIFO | 0o600, 0, 0);
    assert.deepEqual(fs.readdirSync(dir, { encoding: 'buffer' }), [Buffer.from([0xff, 0xfe])]);
  });

  it('renames without replacing and exchanges', () => {
    fs.writeFileSync(join(dir, 'a'), 'a');
    fs.writeFileSync(join(dir, 'b'), 'b');
    const [a, b] = [join(dir, 'a'), join(dir, 'b')];
    assert.throws(() => sys.renameWith(a, b, sys.RENAME.NOREPLACE), { code: 'EEXIST' });
    sys.renameWith(a, b, sys.RENAME.EXCHANGE);
    assert.equal(fs.readFileSync(a, 'utf8'), 'b');
  });

  it('links a symbolic link itself', () => {
    fs.symlinkSync('nowhere', join(dir, 'link'));
    sys.linkNoFollow(join(dir, 'link'), join(dir, 'other'));
    assert.equal(fs.readlinkSync(join(dir, 'other')), 'nowhere');
  });

  it('copies ranges, syncs and locks', () => {
    fs.writeFileSync(join(dir, 'from'), 'hello');
    const from = fs.openSync(join(dir, 'from'), 'r');
    const to = fs.openSync(join(dir, 'to'), 'w');
    const other = fs.openSync(join(dir, 'to'), 'r');
    try {
      assert.equal(typeof sys.reflink(from, to), 'boolean');
      assert.equal(sys.copyFileRange(from, to, 100), 5);
      assert.equal(sys.copyFileRange(from, to, 100), 0);
      assert.ok(sys.flock(to, sys.LOCK.EX));
      assert.equal(sys.flock(other, sys.LOCK.EX | sys.LOCK.NB), false);
      sys.syncfs(to);
    } finally {
      for (const fd of [from, to, other]) fs.closeSync(fd);
    }
    assert.equal(fs.readFileSync(join(dir, 'to'), 'utf8'), 'hello');
  });

  it('mounts and unmounts an overlay', () => {
    for (const name of ['lower', 'upper', 'work', 'merged']) fs.mkdirSync(join(dir, name));
    fs.writeFileSync(join(dir, 'lower/gone'), '');
    const merged = join(dir, 'merged');
    const options = `lowerdir=${dir}/lower,upperdir=${dir}/upper,workdir=${dir}/work,index=off,metacopy=off`;
    sys.mount('overlay', merged, 'overlay', sys.MS.NODEV, options);
    try {
      fs.rmSync(join(merged, 'gone'));
    } finally {
      sys.umount(merged, sys.MNT.DETACH);
    }
    assert.deepEqual(sys.deviceNumbers(fs.lstatSync(join(dir, 'upper/gone')).rdev), { major: 0, minor: 0 });
  });

  it('finds koffi beside a bundle', () => {
    const library = execFileSync('find', [
      'node_modules/@koromix',
      '-path',
      '*linux_*',
      '-name',
      'koffi.node',
    ]);
    fs.mkdirSync(join(dir, 'koffi'));
    fs.copyFileSync(library.toString().trim(), join(dir, 'koffi', `linux-${process.arch}.node`));
    for (const format of ['esm', 'cjs']) {
      const bundle = join(dir, format === 'esm' ? 'bundle.mjs' : 'bundle.cjs');
      const esbuild = ['--bundle', '--platform=node', `--format=${format}`, '--log-level=error'];
      const entry = 'runtime/host/syscalls.ts';
      execFileSync('node_modules/.bin/esbuild', [entry, ...esbuild, `--outfile=${bundle}`]);
      const script = `import(${JSON.stringify(bundle)}).then((m) => console.log(m.lgetxattr('/', 'user.none')))`;
      const output = execFileSync(process.execPath, ['-e', script], { cwd: '/', encoding: 'utf8' });
      assert.equal(output, 'undefined\n', format);
    }
  });
});

describe('resolving inside a root', () => {
  let dir = '';
  let root: ResolvedPath;
  beforeEach(() => {
    dir = fs.mkdtempSync(join(tmpdir(), 'naru-resolve-'));
    fs.mkdirSync(join(dir, 'root/sub'), { recursive: true });
    fs.writeFileSync(join(dir, 'root/sub/file'), 'inside');
    fs.writeFileSync(join(dir, 'secret'), 'outside');
    for (const [link, target] of [
      ['absolute', '/sub'],
      ['relative', 'sub'],
      ['climbing', '../'],
      ['absolute-file', '/sub/file'],
    ] as const) {
      fs.symlinkSync(target, join(dir, 'root', link));
    }
    root = openRoot(join(dir, 'root'));
  });
  afterEach(() => {
    root.close();
    fs.rmSync(dir, { recursive: true, force: true });
  });

  function read(path: string, rule: 'in-root' | 'beneath'): string {
    let found: ResolvedPath | undefined;
    try {
      found = resolveInRoot(root, path, rule);
      return fs.readFileSync(found.path, 'utf8');
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    } finally {
      found?.close();
    }
  }

  for (const [path, inRoot, beneath] of [
    ['sub/file', 'inside', 'inside'],
    ['/sub/file', 'inside', 'inside'],
    ['relative/file', 'inside', 'inside'],
    ['absolute/file', 'inside', 'E_PATH_ESCAPE'],
    ['absolute-file', 'inside', 'E_PATH_ESCAPE'],
    ['climbing/secret', 'ENOENT', 'E_PATH_ESCAPE'],
    ['../secret', 'ENOENT', 'E_PATH_ESCAPE'],
    ['sub/../../secret', 'ENOENT', 'E_PATH_ESCAPE'],
    ['climbing/sub/file', 'inside', 'E_PATH_ESCAPE'],
    ['sub/absent', 'ENOENT', 'ENOENT'],
  ] as const) {
    it(`${path}: ${inRoot} as after chroot, ${beneath} for archives`, () => {
      assert.deepEqual([read(path, 'in-root'), read(path, 'beneath')], [inRoot, beneath]);
    });
  }

  it('answers a final link itself when asked, and only directories when asked', () => {
    const link = resolveLinkInRoot(root, 'absolute', 'beneath');
    assert.equal(fs.readlinkSync(link.path), join(dir, 'root/absolute'));
    link.close();
    assert.throws(() => resolveDirectoryInRoot(root, 'sub/file', 'beneath'), { code: 'ENOTDIR' });
    resolveDirectoryInRoot(root, '/', 'in-root').close();
  });
});
