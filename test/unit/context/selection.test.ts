/** What COPY selects and where it lands, in BuildKit's way. */

import assert from 'node:assert/strict';

import { contextTree } from '../../../core/context/context-tree.ts';
import { readIgnoreFile } from '../../../core/context/ignore.ts';
import { type MemoryFile, memoryTree } from '../../../core/context/memory-tree.ts';
import {
  type CopyRequest,
  selectCopy,
  selectionError,
  selectMount,
} from '../../../core/context/selection.ts';

const FILES: Readonly<Record<string, string | MemoryFile>> = {
  Dockerfile: 'FROM scratch',
  'package.json': '{}',
  'package-lock.json': '{}',
  'src/main.ts': '1',
  'src/sub/util.ts': '2',
  'src/sub/readme.md': '3',
  'src/empty/': {},
  'docs/a.md': 'a',
  'docs/sub/b.md': 'b',
  'links/': {},
  'links/file': { linkTarget: '../package.json' },
  'links/dir': { linkTarget: '/src' },
  'links/gone': { linkTarget: 'nowhere' },
  'links/loop': { linkTarget: 'loop' },
  'links/out': { linkTarget: '../../../../docs/a.md' },
  'arr[0].txt': '0',
};

interface Answer {
  /** `destination` or `destination <- path` where the names differ; directories end in a slash. */
  readonly lands: readonly string[];
  readonly landing?: string;
  readonly faults?: readonly string[];
  readonly unmatched?: readonly string[];
}

async function check(
  request: Partial<CopyRequest> & Pick<CopyRequest, 'sources'>,
  answer: Answer,
): Promise<void> {
  const selection = await selectCopy(memoryTree(FILES), { destination: '/d/', ...request });
  const lands = selection.entries.map(({ destination, entry }) => {
    const name = entry.kind === 'dir' ? `${destination}/` : destination;
    return entry.path.endsWith(destination) && destination !== '' ? name : `${name} <- ${entry.path}`;
  });
  assert.deepEqual(
    {
      lands,
      landing: selection.landing,
      faults: selection.faults.map((fault) => fault.message),
      unmatched: selection.unmatched,
    },
    { landing: 'inside', faults: [], unmatched: [], ...answer },
  );
}

describe('copy selection', () => {
  it('puts a named file into a directory, at an exact place, or leaves that open', async () => {
    await check({ sources: ['package.json'] }, { lands: ['package.json'] });
    await check(
      { sources: ['package.json'], destination: '/d' },
      { lands: ['package.json'], landing: 'open' },
    );
    await check(
      { sources: ['package.json'], destination: '/d', destinationIsDirectory: false },
      { lands: [' <- package.json'], landing: 'exact' },
    );
    await check(
      { sources: ['package.json'], destination: '/d', destinationIsDirectory: true },
      { lands: ['package.json'] },
    );
    await check({ sources: ['package.json'], destination: '/d/.' }, { lands: ['package.json'] });
    await check(
      { sources: ['/package.json', './src/../src/main.ts', '../docs/a.md'] },
      {
        lands: ['a.md', 'main.ts', 'package.json'],
      },
    );
  });

  it('copies the contents of a directory, empty directories included', async () => {
    const lands = ['empty/', 'main.ts', 'sub/', 'sub/readme.md', 'sub/util.ts'];
    for (const source of ['src', 'src/', './src', '/src/.']) await check({ sources: [source] }, { lands });
    await check({ sources: ['src'], destination: '/d' }, { lands });
    await check({ sources: ['src/empty'], destination: '/d' }, { lands: [] });
  });

  it('resolves wildcards, one component at a time', async () => {
    await check({ sources: ['package*.json'] }, { lands: ['package-lock.json', 'package.json'] });
    await check({ sources: ['src/*/*.ts'] }, { lands: ['util.ts'] });
    await check({ sources: ['*/sub'] }, { lands: ['b.md', 'readme.md', 'util.ts'] });
    await check({ sources: ['d*s'] }, { lands: ['a.md', 'sub/', 'sub/b.md'] });
    await check({ sources: ['arr[[]0].txt'] }, { lands: ['arr[0].txt'] });
    await check(
      { sources: ['package.json', 'yarn.lock*'] },
      {
        lands: ['package.json'],
        unmatched: ['yarn.lock*'],
      },
    );
    await check({ sources: ['a['] }, { lands: [], faults: ['syntax error in pattern'], unmatched: ['a['] });
  });

  it('follows symlinks that are sources, inside the tree, and copies the others as they are', async () => {
    await check({ sources: ['links/file'] }, { lands: ['file <- package.json'] });
    await check({ sources: ['links/dir/sub'] }, { lands: ['readme.md', 'util.ts'] });
    await check({ sources: ['links/out'] }, { lands: ['out <- docs/a.md'] });
    await check({ sources: ['links/dir/*.ts'] }, { lands: ['main.ts'] });
    await check({ sources: ['links'] }, { lands: ['dir', 'file', 'gone', 'loop', 'out'] });
  });

  it("says what is missing in BuildKit's words", async () => {
    await check({ sources: ['nope'] }, { lands: [], faults: ['"/nope": not found'] });
    await check({ sources: ['./a/../b c/'] }, { lands: [], faults: ['"/b c": not found'] });
    await check({ sources: ['links/gone'] }, { lands: [], faults: ['"/links/gone": not found'] });
    await check({ sources: ['links/loop'] }, { lands: [], faults: ['too many links'] });
    const loop = await selectCopy(memoryTree(FILES), { destination: '/d/', sources: ['links/loop'] });
    assert.equal(
      loop.faults.map((fault) => selectionError(fault).hint).join(),
      'symbolic links at /links/loop lead back to themselves',
    );
    await check({ sources: ['package.json/x'] }, { lands: [], faults: ['"/package.json/x": not found'] });
    await check({ sources: ['nodir/*'] }, { lands: [], faults: ['lstat /nodir: no such file or directory'] });
    await check(
      { sources: ['nope'], exclude: ['a'] },
      { lands: [], faults: ['lstat /nope: no such file or directory'] },
    );
    const { faults } = await selectCopy(memoryTree({}), { sources: ['x'], destination: '/' });
    const error = faults[0] === undefined ? undefined : selectionError(faults[0]);
    assert.deepEqual([error?.kind, error?.message], ['not-found', '"/x": not found']);
  });

  it('excludes below source directories only, and keeps the way to exceptions', async () => {
    await check({ sources: ['src'], exclude: ['sub'] }, { lands: ['empty/', 'main.ts'] });
    await check(
      { sources: ['src'], exclude: ['**/*.md', 'empty'] },
      {
        lands: ['main.ts', 'sub/', 'sub/util.ts'],
      },
    );
    await check({ sources: ['src'], exclude: ['*', '!sub/readme.md'] }, { lands: ['sub/', 'sub/readme.md'] });
    await check({ sources: ['src'], exclude: ['*', '!**/*.md'] }, { lands: ['sub/', 'sub/readme.md'] });
    await check({ sources: ['package.json'], exclude: ['*.json'] }, { lands: ['package.json'] });
  });

  it('keeps parents', async () => {
    const kept = { keepsParents: true };
    await check(
      { ...kept, sources: ['src/sub/util.ts'] },
      { lands: ['src/', 'src/sub/', 'src/sub/util.ts'] },
    );
    await check({ ...kept, sources: ['./src/./sub/util.ts'] }, { lands: ['sub/', 'sub/util.ts'] });
    await check(
      { ...kept, sources: ['./src/**/*.ts'] },
      {
        lands: ['src/', 'src/main.ts', 'src/sub/', 'src/sub/util.ts'],
      },
    );
    await check(
      { ...kept, sources: ['docs'] },
      { lands: ['docs/', 'docs/a.md', 'docs/sub/', 'docs/sub/b.md'] },
    );
    await check(
      { ...kept, sources: ['*/sub/*.md'], exclude: ['docs'] },
      {
        lands: ['src/', 'src/sub/', 'src/sub/readme.md'],
      },
    );
    await check({ ...kept, sources: ['src/nope'] }, { lands: [], faults: ['"/src/nope": not found'] });
    await check({ ...kept, sources: ['nope*'] }, { lands: [], unmatched: ['nope*'] });
    await check({ ...kept, sources: ['links/file'] }, { lands: ['links/', 'links/file'] });
  });

  it('lets later sources win, but not a file over a directory', async () => {
    const tree = memoryTree({ 'a/x': '1', 'a/y/': {}, 'b/x': '2', 'b/y': '3' });
    const { entries, faults } = await selectCopy(tree, { sources: ['a', 'b'], destination: '/d/' });
    assert.deepEqual(
      entries.map(({ entry }) => entry.path),
      ['b/x', 'a/y'],
    );
    assert.deepEqual(
      faults.map(({ message }) => message),
      ['cannot replace to directory /d/y with file'],
    );
    const other = await selectCopy(tree, { sources: ['b', 'a'], destination: '/d/' });
    assert.deepEqual(
      other.faults.map(({ message }) => message),
      ['cannot copy to non-directory: /d/y'],
    );
  });

  it('names the file that is copied last where the destination is open', async () => {
    const selection = await selectCopy(memoryTree({ 'a/z': '', 'b/y': '' }), {
      sources: ['*/?'],
      destination: '/d',
    });
    assert.deepEqual([selection.landing, selection.lastNamed], ['open', 'y']);
  });

  it('shows a mount with the mode of its top', async () => {
    const tree = memoryTree({ 'src/': { mode: 0o700 }, 'src/a': '', link: { linkTarget: 'src' } });
    const { entries } = await selectMount(tree, '/link');
    assert.deepEqual(
      entries.map(({ destination, entry }) => [destination, entry.path, entry.mode]),
      [
        ['', 'src', 0o700],
        ['a', 'src/a', 0o644],
      ],
    );
    assert.deepEqual((await selectMount(tree, 'x')).faults[0]?.message, '"/x": not found');
  });
});

describe('context tree', () => {
  async function pathsOf(ignore: string, at = ''): Promise<readonly string[]> {
    const tree = contextTree(memoryTree(FILES), readIgnoreFile(ignore).value.matcher);
    return (await tree.walk(at)).map((entry) => entry.path);
  }

  it('shows an ignored directory when something in it is let in', async () => {
    assert.deepEqual(await pathsOf('*\n!src/sub/*.ts'), ['', 'src', 'src/sub', 'src/sub/util.ts']);
    assert.deepEqual(await pathsOf('*\n!**/*.md', 'docs'), [
      'docs',
      'docs/a.md',
      'docs/sub',
      'docs/sub/b.md',
    ]);
    assert.deepEqual(await pathsOf('src\nlinks\n*.*\ndocs'), ['', 'Dockerfile']);
    assert.deepEqual(await pathsOf('src', 'src'), []);
  });

  it('answers stat and selections as if the ignored were not there', async () => {
    const ignore = readIgnoreFile('docs\n!docs/sub\nsrc\n*.json').value.matcher;
    const tree = contextTree(memoryTree(FILES), ignore);
    const kinds = await Promise.all(
      ['docs', 'docs/a.md', 'docs/sub/b.md', 'src', 'package.json', ''].map(
        async (path) => (await tree.stat(path))?.kind,
      ),
    );
    assert.deepEqual(kinds, ['dir', undefined, 'file', undefined, undefined, 'dir']);
    const { faults } = await selectCopy(tree, { sources: ['links/file'], destination: '/' });
    assert.deepEqual(faults[0]?.message, '"/links/file": not found');
  });

  it('walks a subtree once', async () => {
    let nWalks = 0;
    const base = memoryTree(FILES);
    const counting = { ...base, walk: (path: string) => (nWalks++, base.walk(path)) };
    const tree = contextTree(counting, readIgnoreFile('*.md').value.matcher);
    await Promise.all([tree.walk(''), tree.walk('src'), tree.stat('docs/sub')]);
    assert.equal(nWalks, 1);
  });
});
