/** What every Snapshotter must do; an implementation passes by calling `snapshotterSuite` with its factory. Needs root. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { digestOf } from '../../core/oci/digest.ts';
import type { TarEntry } from '../../core/tar/entry.ts';
import { readTar } from '../../local/tar/reader.ts';
import { writeTar } from '../../local/tar/writer.ts';
import { lgetxattr, lsetxattr, lutimens, mknod } from '../../runtime/host/syscalls.ts';
import type { Snapshotter } from '../../runtime/snapshots/snapshotter.ts';
import { listing, type Listed } from './tree-listing.ts';

export interface SnapshotterUnderTest {
  readonly snapshots: Snapshotter;
  readonly close: () => Promise<void>;
}

/** A member of a test archive: '/' at the end makes a directory, `->` a symbolic link, `=>` a hard link, `:` a file with content. */
export function tarOf(...members: readonly (string | Partial<TarEntry>)[]): Readable {
  const made = members.map((member) => {
    const [entry, text] = typeof member === 'string' ? parseMember(member) : [member, ''];
    const base: TarEntry = {
      path: '',
      kind: 'file',
      mode: 0o644,
      uid: 0,
      gid: 0,
      sizeBytes: text.length,
      mtimeNs: 0n,
    };
    return { entry: { ...base, ...entry }, content: [Buffer.from(text)] };
  });
  return Readable.from(writeTar(made), { objectMode: false });
}

function parseMember(text: string): [Partial<TarEntry>, string] {
  const [path = '', separator, rest = ''] = text.split(/(->|=>|:)/);
  if (separator === '->') return [{ path, kind: 'symlink', linkTarget: rest, mode: 0o777 }, ''];
  if (separator === '=>') return [{ path, kind: 'hardlink', linkTarget: rest }, ''];
  if (path.endsWith('/')) return [{ path: path.slice(0, -1), kind: 'dir', mode: 0o755 }, ''];
  return [{ path }, rest];
}

export async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function memberNames(stream: Readable): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { entry } of readTar(stream))
    names.push(entry.kind === 'dir' ? `${entry.path}/` : entry.path);
  return names;
}

export function snapshotterSuite(title: string, create: () => Promise<SnapshotterUnderTest>): void {
  describe(title, () => {
    let under: SnapshotterUnderTest;
    let snapshots: Snapshotter;
    let outside = '';
    beforeEach(async () => {
      outside = fs.mkdtempSync(join(tmpdir(), 'naru-outside-'));
      under = await create();
      snapshots = under.snapshots;
    });
    afterEach(async () => {
      fs.rmSync(outside, { recursive: true });
      for (const { name, state } of await snapshots.list())
        if (state !== 'committed') await snapshots.unmount(name);
      await under.close();
    });

    /** Commits what `change` does to the mounted root. */
    async function commit(
      name: string,
      parent: string | undefined,
      change: (root: string) => void,
    ): Promise<void> {
      await snapshots.prepare(`key-${name}`, parent);
      change(await snapshots.mount(`key-${name}`));
      await snapshots.commit(`key-${name}`, name);
    }

    async function listed(name: string): Promise<readonly Listed[]> {
      await snapshots.view(`view-${name}`, name);
      const found = listing(await snapshots.mount(`view-${name}`));
      await snapshots.unmount(`view-${name}`);
      await snapshots.remove(`view-${name}`);
      return found;
    }

    const paths = async (name: string): Promise<readonly string[]> =>
      (await listed(name)).map(({ path }) => path).filter((path) => path !== '');

    describe('lifecycle', () => {
      it('stacks committed snapshots and keeps them apart', async () => {
        await commit('base', undefined, (root) => fs.writeFileSync(join(root, 'a'), 'base'));
        await commit('left', 'base', (root) => fs.writeFileSync(join(root, 'b'), 'left'));
        await commit('right', 'base', (root) => fs.rmSync(join(root, 'a')));
        assert.deepEqual(await paths('base'), ['a']);
        assert.deepEqual(await paths('left'), ['a', 'b']);
        assert.deepEqual(await paths('right'), []);
      });

      it('knows what a name stands on that is given again', async () => {
        for (const base of ['first', 'second'])
          await commit(base, undefined, (root) => fs.writeFileSync(join(root, base), ''));
        await commit('top', 'first', (root) => fs.writeFileSync(join(root, 'a'), ''));
        assert.deepEqual(await paths('top'), ['a', 'first']);
        await snapshots.remove('top');
        await assert.rejects(snapshots.view('view', 'top'), { code: 'E_SNAPSHOT_ABSENT' });
        await commit('top', 'second', (root) => fs.writeFileSync(join(root, 'b'), ''));
        assert.deepEqual(await paths('top'), ['b', 'second']);
      });

      it('tells state, parent and time', async () => {
        await commit('base', undefined, () => undefined);
        await snapshots.prepare('active', 'base');
        await snapshots.view('view', 'base');
        const found = await snapshots.list();
        assert.deepEqual(
          found.map(({ name, parent, state }) => [name, parent, state]),
          [
            ['active', 'base', 'active'],
            ['base', undefined, 'committed'],
            ['view', 'base', 'view'],
          ],
        );
        assert.ok(Date.now() - (found[0]?.createdAt.getTime() ?? 0) < 60_000);
        assert.deepEqual(await snapshots.stat('nothing'), undefined);
      });

      it('answers the same directory for a second mount', async () => {
        await commit('base', undefined, () => undefined);
        await snapshots.prepare('active', 'base');
        const root = await snapshots.mount('active');
        fs.writeFileSync(join(root, 'kept'), '');
        assert.equal(await snapshots.mount('active'), root);
        await snapshots.unmount('active');
        await snapshots.unmount('active');
        assert.ok(fs.existsSync(join(await snapshots.mount('active'), 'kept')));
      });

      it('makes views read-only, over one layer and over several', async () => {
        await commit('one', undefined, (root) => fs.writeFileSync(join(root, 'a'), ''));
        await commit('two', 'one', (root) => fs.writeFileSync(join(root, 'b'), ''));
        for (const parent of ['one', 'two']) {
          await snapshots.view(`view-${parent}`, parent);
          const root = await snapshots.mount(`view-${parent}`);
          assert.throws(() => fs.writeFileSync(join(root, 'c'), ''), { code: 'EROFS' });
          assert.ok(fs.existsSync(join(root, 'a')));
        }
      });

      const refusals: readonly [string, (s: Snapshotter) => Promise<unknown>, string][] = [
        ['a taken key', (s) => s.prepare('active', undefined), 'conflict'],
        ['a taken name', (s) => s.commit('active', 'base'), 'conflict'],
        ['a missing parent', (s) => s.prepare('new', 'nothing'), 'not-found'],
        ['a parent that is active', (s) => s.prepare('new', 'active'), 'conflict'],
        ['to remove a parent', (s) => s.remove('base'), 'conflict'],
        ['to remove nothing', (s) => s.remove('nothing'), 'not-found'],
        ['to commit a committed one', (s) => s.commit('base', 'new'), 'conflict'],
        ['to commit a view', (s) => s.commit('view', 'new'), 'conflict'],
        ['to mount a committed one', (s) => s.mount('base'), 'conflict'],
        ['to apply to a taken name', (s) => s.applyLayer('base', undefined, tarOf()), 'conflict'],
        ['to apply over nothing', (s) => s.applyLayer('new', 'nothing', tarOf()), 'not-found'],
        ['to export an active one', (s) => bytesOf(s.exportLayer('active')), 'conflict'],
        ['to export nothing', (s) => bytesOf(s.exportLayer('nothing')), 'not-found'],
        ['the tree of an active one', (s) => s.tree('active'), 'conflict'],
      ];
      it('refuses what cannot be, and changes nothing', async () => {
        await commit('base', undefined, () => undefined);
        await snapshots.prepare('active', 'base');
        await snapshots.view('view', 'base');
        const before = await snapshots.list();
        for (const [title_, act, kind] of refusals) await assert.rejects(act(snapshots), { kind }, title_);
        assert.deepEqual(await snapshots.list(), before);
      });

      it('removes active ones with their files', async () => {
        await snapshots.prepare('active', undefined);
        const root = await snapshots.mount('active');
        await snapshots.remove('active');
        assert.ok(!fs.existsSync(root));
        assert.deepEqual(await snapshots.list(), []);
      });
    });

    describe('layers', () => {
      /** Everything a file can be. */
      function fill(root: string): void {
        fs.mkdirSync(join(root, 'dir'));
        fs.writeFileSync(join(root, 'dir/file'), 'content');
        fs.writeFileSync(join(root, 'setuid'), '');
        fs.chownSync(join(root, 'setuid'), 1000, 2000);
        fs.chmodSync(join(root, 'setuid'), 0o6755);
        fs.chmodSync(join(root, 'dir'), 0o1777);
        fs.linkSync(join(root, 'dir/file'), join(root, 'hard'));
        fs.symlinkSync('../outside', join(root, 'link'));
        mknod(join(root, 'fifo'), fs.constants.S_IFIFO | 0o600, 0, 0);
        mknod(join(root, 'null'), fs.constants.S_IFCHR | 0o666, 1, 3);
        mknod(join(root, 'disk'), fs.constants.S_IFBLK | 0o660, 259, 70000);
        fs.writeFileSync(Buffer.concat([Buffer.from(join(root, 'raw')), Buffer.from([0xff])]), 'raw');
        fs.writeFileSync(join(root, '한글'), '');
        lsetxattr(join(root, 'setuid'), 'user.note', Buffer.from('kept'));
        // cap_net_raw+ep, revision 2 of struct vfs_cap_data in linux/capability.h.
        const capability = Buffer.from('0100000200200000000000000000000000000000', 'hex');
        lsetxattr(join(root, 'dir/file'), 'security.capability', capability);
        for (const name of ['setuid', 'link', 'dir/file', 'fifo', 'dir']) {
          lutimens(join(root, name), 1_600_000_000_123_456_789n);
        }
      }

      it('carry everything a file can be to another snapshot', async () => {
        await commit('base', undefined, fill);
        await snapshots.applyLayer('copy', undefined, snapshots.exportLayer('base'));
        const [original, copy] = [await listed('base'), await listed('copy')];
        assert.ok(original.some(({ xattrs }) => 'security.capability' in xattrs));
        assert.deepEqual(copy, original);
      });

      it('are the same bytes each time, and hashed as such', async () => {
        await commit('base', undefined, fill);
        const first = await bytesOf(snapshots.exportLayer('base'));
        assert.deepEqual(await bytesOf(snapshots.exportLayer('base')), first);
        const info = await snapshots.layerInfo('base');
        assert.deepEqual(info, { diffId: digestOf(first), sizeBytes: 10, tarBytes: first.length });
        assert.deepEqual(await snapshots.applyLayer('copy', undefined, Readable.from([first])), info);
        assert.deepEqual(await bytesOf(snapshots.exportLayer('copy')), first);
      });

      it('can be hashed ahead, whatever becomes of it', async () => {
        await commit('base', undefined, fill);
        for (const name of ['base', 'base', 'never heard of']) snapshots.hashAhead(name);
        const { diffId } = await snapshots.layerInfo('base');
        assert.equal(diffId, digestOf(await bytesOf(snapshots.exportLayer('base'))));
        await commit('gone', undefined, fill);
        snapshots.hashAhead('gone');
        await snapshots.remove('gone');
        assert.equal(await snapshots.stat('gone'), undefined);
      });

      it('hold what changed, with the directories it is in', async () => {
        await commit('base', undefined, (root) => {
          fs.mkdirSync(join(root, 'a/b'), { recursive: true });
          fs.mkdirSync(join(root, 'untouched'));
          for (const name of ['a/b/old', 'a/changed', 'untouched/x']) fs.writeFileSync(join(root, name), '');
        });
        await commit('top', 'base', (root) => {
          fs.rmSync(join(root, 'a/b/old'));
          fs.writeFileSync(join(root, 'a/changed'), 'new');
          fs.mkdirSync(join(root, 'a/made'));
        });
        const names = await memberNames(snapshots.exportLayer('top'));
        assert.deepEqual(names, ['a/', 'a/b/', 'a/b/.wh.old', 'a/changed', 'a/made/']);
      });

      it('carry deleted and replaced directories', async () => {
        await commit('base', undefined, (root) => {
          for (const name of ['gone', 'replaced/sub', 'to-file', 'kept'])
            fs.mkdirSync(join(root, name), { recursive: true });
          for (const name of ['gone/x', 'replaced/x', 'replaced/sub/x', 'kept/x'])
            fs.writeFileSync(join(root, name), '');
          fs.writeFileSync(join(root, 'to-dir'), '');
        });
        await commit('top', 'base', (root) => {
          for (const name of ['gone', 'replaced', 'to-file', 'to-dir'])
            fs.rmSync(join(root, name), { recursive: true });
          fs.mkdirSync(join(root, 'replaced/sub'), { recursive: true });
          fs.writeFileSync(join(root, 'replaced/new'), '');
          fs.writeFileSync(join(root, 'to-file'), '');
          fs.mkdirSync(join(root, 'to-dir'));
        });
        const expected = ['kept', 'kept/x', 'replaced', 'replaced/new', 'replaced/sub', 'to-dir', 'to-file'];
        assert.deepEqual(await paths('top'), expected);
        await snapshots.applyLayer('base2', undefined, snapshots.exportLayer('base'));
        await snapshots.applyLayer('top2', 'base2', snapshots.exportLayer('top'));
        assert.deepEqual(await listed('top2'), await listed('top'));
      });

      const applied: readonly [string, readonly string[], readonly string[], readonly string[]][] = [
        ['whiteouts', ['a/', 'a/x:1', 'b:1'], ['a/.wh.x', '.wh.b'], ['a']],
        ['opaque directories', ['a/', 'a/x:1'], ['a/', 'a/.wh..wh..opq', 'a/y:1'], ['a', 'a/y']],
        [
          'an opaque mark after the content',
          ['a/', 'a/x:1'],
          ['a/', 'a/y:1', 'a/.wh..wh..opq'],
          ['a', 'a/y'],
        ],
        ['an opaque root', ['a/', 'a/x:1', 'b:1'], ['.wh..wh..opq', 'a/', 'a/y:1'], ['a', 'a/y']],
        ['a deletion and a new directory', ['a/', 'a/x:1'], ['.wh.a', 'a/', 'a/y:1'], ['a', 'a/y']],
        [
          'a deletion and a new directory that is only implied',
          ['a/', 'a/x:1'],
          ['.wh.a', 'a/y:1'],
          ['a', 'a/y'],
        ],
        ['a new directory and then a deletion', ['a/', 'a/x:1'], ['a/', 'a/y:1', '.wh.a'], ['a', 'a/y']],
        ['whiteouts of what is not there', ['a:1'], ['.wh.b', 'c/.wh.d'], ['a', 'c']],
        ['a whiteout in the lowest layer', [], ['.wh.a', 'b/.wh..wh..opq', 'c:1'], ['b', 'c']],
        ['leftovers of aufs', ['a:1'], ['.wh..wh.aufs:x', '.wh..wh.plnk/1:x', 'b:1'], ['a', 'b']],
        ['missing parents', [], ['a/b/c:1'], ['a', 'a/b', 'a/b/c']],
        ['members that come twice', [], ['a:1', 'b=>a', 'a:2', 'c/', 'c/d:1', 'c:3'], ['a', 'b', 'c']],
        ['a whiteout in an opaque directory', ['a/', 'a/x:1'], ['a/', 'a/.wh..wh..opq', 'a/.wh.x'], ['a']],
        ['a whiteout in a directory that later goes', ['a/', 'a/x:1'], ['a/', 'a/.wh.x', 'a:1'], ['a']],
        ['a link replaced by a directory', [], ['a->b', 'b/', 'a/', 'a/x:1'], ['a', 'a/x', 'b']],
        ['files through a link inside', [], ['real/', 'link->real', 'link/x:1'], ['link', 'real', 'real/x']],
        ['a hard link over a file', [], ['b/b:1', 'a:2', 'b/b=>a'], ['a', 'b', 'b/b']],
        [
          'a directory after its link was replaced',
          [],
          ['r/', 'l->r', 'l/x:1', 'l/', 'l/y:1'],
          ['l', 'l/y', 'r', 'r/x'],
        ],
        ['odd spellings', [], ['./', './a/', './/a//b:1', '/c:1', 'd/./e:1'], ['a', 'a/b', 'c', 'd', 'd/e']],
      ];
      for (const [what, lower, upper, expected] of applied) {
        it(`apply ${what}`, async () => {
          const parent = lower.length === 0 ? undefined : 'lower';
          if (parent !== undefined) await snapshots.applyLayer('lower', undefined, tarOf(...lower));
          const bytes = await bytesOf(tarOf(...upper));
          const info = await snapshots.applyLayer('upper', parent, Readable.from([bytes]));
          assert.deepEqual(await paths('upper'), expected);
          assert.equal(info.diffId, digestOf(bytes));
          assert.deepEqual(
            await bytesOf(snapshots.exportLayer('upper')),
            bytes,
            'gives back the exact bytes',
          );
        });
      }

      it('give implied parents the attributes of the directory below', async () => {
        const below = {
          path: 'a',
          kind: 'dir',
          mode: 0o2750,
          uid: 5,
          gid: 6,
          mtimeNs: 7_000_000_000n,
        } as const;
        await snapshots.applyLayer('lower', undefined, tarOf(below));
        await snapshots.applyLayer('upper', 'lower', tarOf('a/x:1'));
        const [root, lower] = await listed('lower');
        const found = await listed('upper');
        assert.deepEqual(found.slice(0, 2), [root, lower]);
      });

      it('set the attributes of the root', async () => {
        await snapshots.applyLayer(
          'base',
          undefined,
          tarOf({ path: '.', kind: 'dir', mode: 0o700, uid: 3 }, 'a:1'),
        );
        await commit('top', 'base', () => undefined);
        for (const name of ['base', 'top']) {
          const root = (await listed(name))[0];
          assert.deepEqual([root?.mode, root?.uid], [0o700, 3]);
        }
      });

      it('never take marks of overlayfs from an archive', async () => {
        const xattrs = new Map([
          ['trusted.overlay.redirect', Buffer.from('/etc')],
          ['trusted.overlay.opaque', Buffer.from('y')],
          ['user.overlay.opaque', Buffer.from('y')],
          ['user.mine', Buffer.from('1')],
        ]);
        await snapshots.applyLayer('lower', undefined, tarOf('a/', 'a/x:1'));
        await snapshots.applyLayer('upper', 'lower', tarOf({ path: 'a', kind: 'dir', mode: 0o755, xattrs }));
        assert.deepEqual(await paths('upper'), ['a', 'a/x']);
        await snapshots.view('view', 'upper');
        const at = join(await snapshots.mount('view'), 'a');
        assert.equal(Buffer.from(lgetxattr(at, 'user.mine') ?? []).toString(), '1');
      });

      const hostile: readonly [string, readonly (string | Partial<TarEntry>)[]][] = [
        ['a path that climbs out', ['../x:1']],
        ['a path that climbs out and back', ['a/../../x:1']],
        ['a path that climbs inside', ['a/../x:1']],
        ['a whiteout that climbs out', ['../.wh.x']],
        ['a whiteout of the parent', ['a/.wh...']],
        ['a parent that is an absolute link', ['a->OUTSIDE', 'a/x:1']],
        ['a parent that is a climbing link', ['a->../../..', 'a/x:1']],
        ['a parent that is a link to a climbing link', ['b->..', 'a->b', 'a/x:1']],
        ['a parent that is a loop', ['a->a', 'a/x:1']],
        ['a parent that is a file', ['a:1', 'a/x:1']],
        ['a parent that is nothing', ['a->nowhere', 'a/x:1']],
        ['a hard link to outside', ['a=>../../../../etc/passwd']],
        ['a hard link through an absolute link', ['a->/etc', 'b=>a/passwd']],
        ['a hard link to nothing', ['a=>b']],
        ['a hard link to a directory', ['a/', 'b=>a']],
        ['a whiteout behind an absolute link', ['a->OUTSIDE', 'a/.wh.x']],
        ['an opaque mark behind an absolute link', ['a->OUTSIDE', 'a/.wh..wh..opq']],
        ['a root that is a file', [{ path: '.', kind: 'file' }]],
        ['a name that is too long', [`${'n'.repeat(300)}:1`]],
        ['an owner that does not exist', [{ path: 'a', uid: 2 ** 40 }]],
      ];
      for (const [what, members] of hostile) {
        it(`refuse ${what}`, async () => {
          await snapshots.applyLayer('lower', undefined, tarOf('lower:1'));
          const placed = members.map((member) =>
            typeof member === 'string' ? member.replace('OUTSIDE', outside) : member,
          );
          const applying = snapshots.applyLayer('upper', 'lower', tarOf(...placed));
          await assert.rejects(applying, { kind: 'invalid-argument' });
          assert.deepEqual(
            (await snapshots.list()).map(({ name }) => name),
            ['lower'],
          );
          assert.deepEqual(fs.readdirSync(outside), []);
        });
      }

      it('pass on what the source throws, and keep nothing', async () => {
        async function* failing(): AsyncGenerator<Buffer> {
          yield Buffer.alloc(512);
          throw new Error('lost connection');
        }
        await assert.rejects(
          snapshots.applyLayer('a', undefined, Readable.from(failing())),
          /lost connection/,
        );
        assert.deepEqual(await snapshots.list(), []);
      });
    });

    describe('trees', () => {
      it('show what a mount shows', async () => {
        await snapshots.applyLayer(
          'one',
          undefined,
          tarOf('a/', 'a/x:1', 'a/y:1', 'b/', 'b/z:1', 'c:1', 'd->a', 'hard=>c'),
        );
        await snapshots.applyLayer(
          'two',
          'one',
          tarOf('a/.wh.x', 'b/', 'b/.wh..wh..opq', 'b/new:22', '.wh.c', 'e/', 'e/f:1'),
        );
        await snapshots.applyLayer(
          'three',
          'two',
          tarOf('.wh.e', 'c/', 'c/again:1', { path: 'b', kind: 'dir', mode: 0o700 }),
        );
        const tree = await snapshots.tree('three');
        const walked = await tree.walk('');
        const shown = walked.map(({ path, mode, sizeBytes, mtimeNs }) => [path, mode, sizeBytes, mtimeNs]);
        const mounted = await listed('three');
        assert.deepEqual(
          shown.slice(1),
          mounted.slice(1).map(({ path, mode, size, mtimeNs }) => [path, mode, size, mtimeNs]),
        );
        assert.deepEqual(
          (await tree.walk('d')).map(({ path }) => path),
          ['d'],
        );
        assert.deepEqual(
          (await tree.walk('d/')).map(({ path }) => path),
          ['d'],
        );
        assert.equal((await tree.stat('d/y'))?.path, 'd/y');
        const some = await tree.walk('', { descend: ({ path }) => path !== 'a' });
        assert.ok(some.some(({ path }) => path === 'a') && !some.some(({ path }) => path === 'a/y'));
      });

      it('read and hash files, and stay inside', async () => {
        const members = ['etc/', 'etc/passwd:mine', 'up->../../..', 'abs->/etc', 'loop->loop'];
        await snapshots.applyLayer('base', undefined, tarOf(...members));
        const tree = await snapshots.tree('base');
        for (const path of ['etc/passwd', 'abs/passwd', 'up/etc/passwd', '../etc/passwd']) {
          assert.equal(Buffer.from((await tree.read(path, 10)) ?? []).toString(), 'mine', path);
        }
        const mine = digestOf('mine');
        assert.deepEqual(await tree.digests(['abs/passwd', 'none', 'etc']), [mine, undefined, undefined]);
        assert.deepEqual(await tree.stat('loop/x'), undefined);
        assert.equal(await tree.read('none', 10), undefined);
        await assert.rejects(tree.read('etc/passwd', 3), { kind: 'invalid-argument' });
      });
    });

    it('tells the bytes of the upper directory alone', async () => {
      await commit('base', undefined, (root) => fs.writeFileSync(join(root, 'a'), 'x'.repeat(1000)));
      await snapshots.prepare('active', 'base');
      fs.writeFileSync(join(await snapshots.mount('active'), 'b'), 'x'.repeat(50));
      assert.equal(await snapshots.usageBytes('active'), 50);
      assert.equal(await snapshots.usageBytes('base'), 1000);
    });
  });
}
