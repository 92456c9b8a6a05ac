/** Trees in memory, trees seen through ignore patterns, and trees that remember what was asked. */

import assert from 'node:assert/strict';

import { contextTree } from '../../../core/context/context-tree.ts';
import type { FileTree } from '../../../core/context/file-tree.ts';
import { readIgnoreFile } from '../../../core/context/ignore.ts';
import { memoryTree } from '../../../core/context/memory-tree.ts';
import { recordingTree } from '../../../core/context/recording-tree.ts';
import { isErrorKind } from '../../../core/errors.ts';
import { digestOf } from '../../../core/oci/digest.ts';

async function pathsBelow(tree: FileTree, path: string): Promise<readonly string[]> {
  return (await tree.walk(path)).map((entry) => entry.path);
}

function seenThrough(base: FileTree, ignore: string): FileTree {
  return contextTree(base, readIgnoreFile(ignore).value.matcher);
}

describe('a tree in memory', () => {
  const tree = memoryTree({
    'd/text': 'abc',
    'd/bytes': Buffer.of(1, 2),
    'd/whole': { content: 'x', mode: 0o4755, uid: 1, gid: 2, mtimeNs: 3n },
    'd/link': { linkTarget: 'text' },
    'd/null': { kind: 'char-device', device: { major: 1, minor: 3 } },
    'd/marked': { content: '', xattrs: new Map([['user.a', Buffer.of(9)]]) },
    'e/': { mode: 0o700 },
  });

  it('tells what an entry is', async () => {
    const plain = { uid: 0, gid: 0, mtimeNs: 0n };
    assert.deepEqual(await tree.walk('d'), [
      { ...plain, path: 'd', kind: 'dir', mode: 0o755, sizeBytes: 0 },
      { ...plain, path: 'd/bytes', kind: 'file', mode: 0o644, sizeBytes: 2 },
      { ...plain, path: 'd/link', kind: 'symlink', mode: 0o777, sizeBytes: 0, linkTarget: 'text' },
      {
        ...plain,
        path: 'd/marked',
        kind: 'file',
        mode: 0o644,
        sizeBytes: 0,
        xattrs: new Map([['user.a', Buffer.of(9)]]),
      },
      {
        ...plain,
        path: 'd/null',
        kind: 'char-device',
        mode: 0o644,
        sizeBytes: 0,
        device: { major: 1, minor: 3 },
      },
      { ...plain, path: 'd/text', kind: 'file', mode: 0o644, sizeBytes: 3 },
      { path: 'd/whole', kind: 'file', mode: 0o4755, uid: 1, gid: 2, sizeBytes: 1, mtimeNs: 3n },
    ]);
    assert.equal((await tree.stat('e'))?.mode, 0o700);
    assert.equal((await tree.stat(''))?.kind, 'dir');
    assert.equal((await memoryTree({ '': { mode: 0o711 } }).stat(''))?.kind, 'dir');
  });

  it('answers for what is there, and for nothing else', async () => {
    assert.equal(await tree.stat('d/nope'), undefined);
    assert.equal(await tree.stat('z'), undefined);
    assert.deepEqual(await tree.walk('d/nope'), []);
    assert.deepEqual(await tree.walk('d/l'), []);
    assert.deepEqual(await tree.walk('z'), []);
    assert.deepEqual(await tree.digests(['d/text', 'd', 'd/link', 'd/nope', 'd/bytes']), [
      digestOf('abc'),
      undefined,
      undefined,
      undefined,
      digestOf(Buffer.of(1, 2)),
    ]);
    assert.equal(await tree.read('d/link', 9), undefined);
    assert.deepEqual(await tree.read('d/bytes', 2), Buffer.of(1, 2));
  });

  it('reads no file that is larger than asked for', async () => {
    await assert.rejects(
      tree.read('d/text', 2),
      (error: unknown) =>
        isErrorKind(error, 'invalid-argument') &&
        error.code === 'E_FILE_TOO_LARGE' &&
        error.message === 'd/text has 3 bytes, more than the 2 that are read',
    );
  });

  it('leaves out what a walk does not descend into, and stops when told to', async () => {
    const deep = memoryTree({ 'a/b/c': '', 'a/b/d/e': '', 'a/bb': '', 'a/f': '' });
    const walked = await deep.walk('a', { descend: (directory) => directory.path !== 'a/b' });
    assert.deepEqual(
      walked.map(({ path }) => path),
      ['a', 'a/b', 'a/bb', 'a/f'],
    );
    await assert.rejects(deep.walk('a', { signal: AbortSignal.abort() }));
  });
});

describe('a tree seen through ignore patterns', () => {
  const base = memoryTree({ 'a/x.md': '', 'a/y': 'y', 'a/deep/z.md': 'z', 'b/x.md': '', top: '' });

  it('has nothing that is ignored, wherever it is asked', async () => {
    const tree = seenThrough(base, '**/*.md\nb');
    assert.deepEqual(await pathsBelow(tree, ''), ['', 'a', 'a/deep', 'a/y', 'top']);
    assert.deepEqual(await pathsBelow(seenThrough(base, '**/*.md\nb'), 'a'), ['a', 'a/deep', 'a/y']);
    assert.deepEqual(await pathsBelow(seenThrough(base, '**/*.md\nb'), 'b'), []);
    assert.deepEqual(await pathsBelow(seenThrough(base, 'a'), 'a/deep'), []);
    assert.equal(await seenThrough(base, 'b').stat('b/x.md'), undefined);
    assert.equal(await seenThrough(base, 'b').read('b/x.md', 9), undefined);
    assert.deepEqual(await seenThrough(base, 'b').read('a/y', 9), Uint8Array.from(Buffer.from('y')));
    assert.deepEqual(await tree.digests(['a/y']), [digestOf('y')]);
  });

  it('has a directory that leads to something that is let in again', async () => {
    const ignore = 'a\n!a/deep/z.md';
    assert.deepEqual(await pathsBelow(seenThrough(base, ignore), 'a'), ['a', 'a/deep', 'a/deep/z.md']);
    assert.deepEqual(await pathsBelow(seenThrough(base, ignore), 'a/deep'), ['a/deep', 'a/deep/z.md']);
    assert.equal((await seenThrough(base, ignore).stat('a'))?.kind, 'dir');
    assert.equal((await seenThrough(base, 'a\n!a/nothing').stat('a'))?.kind, undefined);
    assert.equal((await seenThrough(base, '*').stat(''))?.kind, 'dir');
    assert.deepEqual(await pathsBelow(seenThrough(base, '*'), ''), ['']);
  });

  it('answers from a walk that it remembers, as one that it did not', async () => {
    const tree = seenThrough(base, '**/*.md');
    await tree.walk('');
    assert.equal((await tree.stat('a/y'))?.sizeBytes, 1);
    assert.equal(await tree.stat('a/x.md'), undefined);
    assert.deepEqual(await pathsBelow(tree, 'a'), ['a', 'a/deep', 'a/y']);
    const shallow = await tree.walk('', { descend: ({ path }) => path === '' });
    assert.deepEqual(
      shallow.map(({ path }) => path),
      ['', 'a', 'b', 'top'],
    );
  });

  it('has such a directory also where a walk does not enter it', async () => {
    const listed = async (ignore: string, below = ''): Promise<readonly string[]> =>
      (await seenThrough(base, ignore).walk(below, { descend: ({ path }) => path === below })).map(
        ({ path }) => path,
      );
    assert.deepEqual(await listed('*\n!a/deep'), ['', 'a']);
    assert.deepEqual(await listed('*\n!top\n!a/deep/z.md'), ['', 'a', 'top']);
    assert.deepEqual(await listed('a/**\n!a/deep/z.md', 'a'), ['a', 'a/deep']);
    assert.deepEqual(await listed('*\n!a/nothing'), ['']);
    assert.deepEqual(await listed('a\nb'), ['', 'top']);
  });

  it('does not take a walk that left something out for a whole one', async () => {
    const tree = seenThrough(base, '**/*.md');
    await tree.walk('', { descend: ({ path }) => path === '' });
    assert.deepEqual(await pathsBelow(tree, ''), ['', 'a', 'a/deep', 'a/y', 'b', 'top']);
  });

  it('walks again after a walk that failed', async () => {
    let nWalks = 0;
    const failing: FileTree = {
      ...base,
      walk: (path, options) =>
        nWalks++ === 0 ? Promise.reject(new Error('gone')) : base.walk(path, options),
    };
    const tree = seenThrough(failing, 'b');
    await assert.rejects(tree.walk(''), /gone/);
    assert.deepEqual(await pathsBelow(tree, 'top'), ['top']);
    assert.deepEqual((await pathsBelow(tree, '')).length, 7);
  });

  it('does not look into directories that are ignored with everything in them', async () => {
    const asked: string[] = [];
    const watched: FileTree = {
      ...base,
      walk: (path, options) =>
        base.walk(path, {
          ...options,
          descend: (directory) => {
            const isOpen = options?.descend?.(directory) !== false;
            if (isOpen) asked.push(directory.path);
            return isOpen;
          },
        }),
    };
    await seenThrough(watched, 'a').walk('');
    assert.deepEqual(asked, ['', 'b']);
    asked.length = 0;
    await seenThrough(watched, 'a\n!a/deep').walk('');
    assert.deepEqual(asked, ['', 'a', 'a/deep', 'b']);
  });
});

describe('a tree that remembers', () => {
  it('tells every entry that was answered, and the directories above', async () => {
    const { tree, recorded } = recordingTree(
      memoryTree({ 'a/b/c': 'c', 'a/b/d': '', 'e/f': 'f', 'g/h': '', i: '' }),
    );
    assert.equal((await tree.stat('a/b/c'))?.kind, 'file');
    assert.equal(await tree.stat('a/nope'), undefined);
    assert.deepEqual(
      (await tree.walk('e')).map(({ path }) => path),
      ['e', 'e/f'],
    );
    assert.deepEqual(await tree.digests(['e/f']), [digestOf('f')]);
    assert.deepEqual(await tree.read('e/f', 9), Uint8Array.from(Buffer.from('f')));
    assert.deepEqual(
      (await recorded()).map(({ path }) => path),
      ['', 'a', 'a/b', 'a/b/c', 'e', 'e/f'],
    );
  });

  it('remembers nothing of what was not asked', async () => {
    assert.deepEqual(await recordingTree(memoryTree({ a: '' })).recorded(), []);
  });

  it('does not descend where a walk did not', async () => {
    const { tree, recorded } = recordingTree(memoryTree({ 'a/b': '', 'c/d': '' }));
    await tree.walk('', { descend: ({ path }) => path !== 'c' });
    assert.deepEqual(
      (await recorded()).map(({ path }) => path),
      ['', 'a', 'a/b', 'c'],
    );
  });
});
