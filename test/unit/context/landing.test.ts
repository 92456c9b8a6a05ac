/** What a selection says beside its files: faults with their kinds, where files land, what a mount shows, and the errors made of faults. */

import assert from 'node:assert/strict';

import { type MemoryFile, memoryTree } from '../../../core/context/memory-tree.ts';
import type { Selection } from '../../../core/context/selected.ts';
import {
  type CopyRequest,
  selectCopy,
  selectionError,
  selectMount,
} from '../../../core/context/selection.ts';

type Files = Readonly<Record<string, string | MemoryFile>>;

function copy(files: Files, sources: readonly string[], rest: Partial<CopyRequest> = {}): Promise<Selection> {
  return selectCopy(memoryTree(files), { sources, destination: '/d', ...rest });
}

const FILES: Files = { 'a/x': '1', 'a/y/z': '2', 'b/x/f': '3', 'b/y': '4', f: '5', g: '6' };

describe('faults of a selection', () => {
  const cases: readonly (readonly [string, readonly string[], Partial<CopyRequest>, readonly unknown[]])[] = [
    [
      'a source that is missing',
      ['nope'],
      {},
      [{ kind: 'missing', message: '"/nope": not found', source: 'nope' }],
    ],
    [
      'a source that is missing with parents',
      ['a/nope'],
      { keepsParents: true },
      [{ kind: 'missing', message: '"/a/nope": not found', source: 'a/nope' }],
    ],
    [
      'a wildcard that Go does not read',
      ['a[', 'f'],
      {},
      [{ kind: 'pattern', message: 'syntax error in pattern', source: 'a[' }],
    ],
    [
      'one with parents',
      ['a['],
      { keepsParents: true },
      [{ kind: 'pattern', message: 'syntax error in pattern', source: 'a[' }],
    ],
    [
      'an exclusion that Go does not read',
      ['a'],
      { exclude: ['x['] },
      [{ kind: 'pattern', message: 'syntax error in pattern' }],
    ],
    [
      'a file onto a directory',
      ['a', 'b'],
      {},
      [
        { kind: 'conflict', message: 'cannot copy to non-directory: /d/x', source: 'b' },
        { kind: 'conflict', message: 'cannot replace to directory /d/y with file', source: 'b' },
      ],
    ],
    [
      'the same into a directory that is written with a slash',
      ['a', 'b'],
      { destination: '/d/.' },
      [
        { kind: 'conflict', message: 'cannot copy to non-directory: /d/x', source: 'b' },
        { kind: 'conflict', message: 'cannot replace to directory /d/y with file', source: 'b' },
      ],
    ],
    [
      'a directory after a file at the destination itself',
      ['f', 'a'],
      { destinationIsDirectory: false },
      [{ kind: 'conflict', message: 'cannot copy to non-directory: /d' }],
    ],
    ['a directory at the destination itself', ['a'], { destinationIsDirectory: false }, []],
  ];
  for (const [name, sources, rest, faults] of cases) {
    it(`tell ${name}`, async () => assert.deepEqual((await copy(FILES, sources, rest)).faults, faults));
  }

  it('become errors with a code for each kind', () => {
    const errors = (['missing', 'conflict', 'pattern'] as const).map((kind) => {
      const { kind: errorKind, code, message } = selectionError({ kind, message: `a ${kind}` });
      return [errorKind, code, message];
    });
    assert.deepEqual(errors, [
      ['not-found', 'E_COPY_SOURCE_MISSING', 'a missing'],
      ['invalid-argument', 'E_COPY_CONFLICT', 'a conflict'],
      ['invalid-argument', 'E_COPY_PATTERN', 'a pattern'],
    ]);
  });
});

describe('the landing of a selection', () => {
  async function landing(sources: readonly string[], rest: Partial<CopyRequest> = {}) {
    const { landing: kind, lastNamed, directory } = await copy(FILES, sources, rest);
    return [kind, lastNamed, directory?.path];
  }

  it('is known by the destination, or by the first directory', async () => {
    assert.deepEqual(await landing(['f']), ['open', undefined, undefined]);
    assert.deepEqual(await landing(['f'], { destination: '/d/' }), ['inside', undefined, undefined]);
    assert.deepEqual(await landing(['f'], { destination: '/' }), ['inside', undefined, undefined]);
    assert.deepEqual(await landing(['f'], { destination: '/d/.' }), ['inside', undefined, undefined]);
    assert.deepEqual(await landing(['f'], { destination: '/.d' }), ['open', undefined, undefined]);
    assert.deepEqual(await landing(['f'], { destination: '' }), ['inside', undefined, undefined]);
    assert.deepEqual(await landing(['f'], { destinationIsDirectory: true }), [
      'inside',
      undefined,
      undefined,
    ]);
    assert.deepEqual(await landing(['f'], { destinationIsDirectory: false }), [
      'exact',
      undefined,
      undefined,
    ]);
    assert.deepEqual(await landing(['a']), ['inside', undefined, 'a']);
    assert.deepEqual(await landing(['a', 'b/x']), ['inside', undefined, 'b/x']);
    assert.deepEqual(await landing(['a'], { keepsParents: true }), ['inside', undefined, '']);
  });

  it('names the last of several files, where that can matter', async () => {
    assert.deepEqual(await landing(['g', 'f']), ['open', 'f', undefined]);
    assert.deepEqual(await landing(['f', 'g', 'f']), ['open', 'f', undefined]);
    assert.deepEqual(await landing(['f', 'f']), ['open', undefined, undefined]);
    assert.deepEqual(await landing(['f', 'g'], { destination: '/d/' }), ['inside', undefined, undefined]);
  });

  it('knows of a file that would be in the way of a directory', async () => {
    const isFileFirst = async (sources: readonly string[], rest: Partial<CopyRequest> = {}) =>
      (await copy(FILES, sources, rest)).isFileFirst;
    assert.equal(await isFileFirst(['f', 'a']), true);
    assert.equal(await isFileFirst(['a', 'f']), undefined);
    assert.equal(await isFileFirst(['a', 'f', 'a']), undefined);
    assert.equal(await isFileFirst(['f', 'a'], { destination: '/d/' }), undefined);
  });

  it('tells files that a source names from those it found', async () => {
    const { entries } = await copy(FILES, ['a', 'f'], { destination: '/d/' });
    assert.deepEqual(
      entries.map(({ destination, isNamedFile }) => [destination, isNamedFile]),
      [
        ['f', true],
        ['x', false],
        ['y', false],
        ['y/z', false],
      ],
    );
  });
});

describe('a selection with parents', () => {
  it('takes a file that the pivot is, and all that is below a pivot', async () => {
    const parents = { keepsParents: true, destination: '/d/' };
    const paths = async (source: string): Promise<readonly string[]> =>
      (await copy(FILES, [source], parents)).entries.map(({ destination }) => destination);
    assert.deepEqual(await paths('a/x/./.'), ['x']);
    assert.deepEqual(await paths('a/./.'), ['x', 'y', 'y/z']);
    assert.deepEqual(await paths('/./a/x'), ['a', 'a/x']);
  });

  it('counts what it found', async () => {
    const { unmatched } = await copy(FILES, ['no*', 'a/*', 'f'], { keepsParents: true, destination: '/d/' });
    assert.deepEqual(unmatched, ['no*']);
  });
});

describe('a mount', () => {
  const files: Files = {
    ...FILES,
    'links/to-file': { linkTarget: '../f' },
    'links/to-dir': { linkTarget: '/a' },
    'links/chain': { linkTarget: 'to-dir/y' },
  };

  async function mounted(path: string): Promise<unknown> {
    const { entries, landing, faults, unmatched } = await selectMount(memoryTree(files), path);
    return {
      landing,
      unmatched,
      faults,
      entries: entries.map(
        ({ destination, entry, isNamedFile }) => `${destination}=${entry.path} ${isNamedFile}`,
      ),
    };
  }
  const fine = { unmatched: [], faults: [] };

  it('shows a file, or a directory with what is in it, through links', async () => {
    const a = {
      ...fine,
      landing: 'inside',
      entries: ['=a false', 'x=a/x false', 'y=a/y false', 'y/z=a/y/z false'],
    };
    assert.deepEqual(await mounted('a'), a);
    assert.deepEqual(await mounted('/links/to-dir'), a);
    assert.deepEqual(await mounted('f'), { ...fine, landing: 'exact', entries: ['=f false'] });
    assert.deepEqual(await mounted('links/to-file'), { ...fine, landing: 'exact', entries: ['=f false'] });
    assert.deepEqual(await mounted('links/chain'), {
      ...fine,
      landing: 'inside',
      entries: ['=a/y false', 'z=a/y/z false'],
    });
  });

  it('shows nothing where nothing is', async () => {
    assert.deepEqual(await mounted('a/nope'), {
      landing: 'inside',
      entries: [],
      unmatched: [],
      faults: [{ kind: 'missing', message: '"/a/nope": not found', source: 'a/nope' }],
    });
  });

  it('stops when told to', async () => {
    await assert.rejects(selectMount(memoryTree(files), '', AbortSignal.abort()));
    const signal = AbortSignal.abort();
    for (const source of ['a', '*', 'a/*']) await assert.rejects(copy(files, [source], { signal }), source);
    await assert.rejects(copy(files, ['a'], { signal, keepsParents: true }));
  });

  it('gives up on links that lead in circles, after as many as the kernel of the builder would', async () => {
    const chain = (length: number): Files => ({
      ...Object.fromEntries(
        Array.from({ length }, (_, at): [string, MemoryFile] => [`l${at}`, { linkTarget: `l${at + 1}` }]),
      ),
      [`l${length}`]: 'end',
    });
    assert.equal((await selectMount(memoryTree(chain(255)), 'l0')).faults.length, 0);
    assert.equal((await selectMount(memoryTree(chain(256)), 'l0')).faults.length, 1);
    assert.equal((await selectMount(memoryTree({ l: { linkTarget: '' } }), 'l')).entries[0]?.entry.path, '');
  });
});
