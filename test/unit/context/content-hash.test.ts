/** Content roots change with what lands in an image, and with nothing else. */

import assert from 'node:assert/strict';

import fc from 'fast-check';

import { parseChmod } from '../../../core/context/chmod.ts';
import { type ContentTransform, contentRoots, digestSelection } from '../../../core/context/content-hash.ts';
import { type MemoryFile, memoryTree } from '../../../core/context/memory-tree.ts';
import { comparePaths } from '../../../core/context/paths.ts';
import { selectCopy } from '../../../core/context/selection.ts';
import { isErrorKind } from '../../../core/errors.ts';

type Files = Readonly<Record<string, string | MemoryFile>>;

async function rootsOf(
  files: Files,
  transform: ContentTransform = {},
  source = 'src',
  exclude: string[] = [],
) {
  const tree = memoryTree(files);
  const selection = await selectCopy(tree, { sources: [source], destination: '/d/', exclude });
  return contentRoots(await digestSelection(tree, selection), transform);
}

const BASE: Files = {
  'src/a.sh': { content: 'x', mode: 0o755 },
  'src/sub/b': 'y',
  'src/l': { linkTarget: 'a' },
};

/** Answers which of the two roots differ from the base's. */
async function changes(files: Files, transform: ContentTransform = {}): Promise<string> {
  const [before, after] = [await rootsOf(BASE, transform), await rootsOf(files, transform)];
  return `${before.sel === after.sel ? '' : 'sel '}${before.diff === after.diff ? '' : 'diff'}`.trim();
}

describe('content roots', () => {
  it('see everything that lands', async () => {
    const edits: Files[] = [
      { 'src/a.sh': { content: 'z', mode: 0o755 } },
      { 'src/a.sh': { content: 'x', mode: 0o644 } },
      { 'src/a.sh': { content: 'x', mode: 0o755, uid: 1 } },
      { 'src/l': { linkTarget: 'b' } },
      { 'src/sub/': { mode: 0o700 } },
      { 'src/empty/': {} },
      { 'src/p': { kind: 'fifo' } },
      {
        'src/a.sh': {
          content: 'x',
          mode: 0o755,
          xattrs: new Map([['security.capability', Uint8Array.of(1)]]),
        },
      },
    ];
    for (const edit of edits)
      assert.equal(await changes({ ...BASE, ...edit }), 'sel diff', Object.keys(edit).join());
  });

  it('see times in diff alone', async () => {
    assert.equal(await changes({ ...BASE, 'src/sub/b': { content: 'y', mtimeNs: 5n } }), 'diff');
  });

  it('do not see what stays outside or is overwritten', async () => {
    assert.equal(await changes({ ...BASE, other: '1', 'src/': { mode: 0o700 } }), '');
    const chmod = parseChmod('644');
    assert.ok(chmod !== undefined);
    assert.equal(await changes({ ...BASE, 'src/a.sh': { content: 'x', mode: 0o600 } }, { chmod }), '');
    const owner = { uid: 5, gid: 6 };
    assert.equal(
      await changes({ ...BASE, 'src/a.sh': { content: 'x', mode: 0o755, uid: 9 } }, { owner }),
      '',
    );
  });

  it('do not depend on how the source was spelled', async () => {
    const renamed = Object.fromEntries(
      Object.entries(BASE).map(([key, value]) => [key.replace('src/', 'lib/'), value]),
    );
    assert.deepEqual(await rootsOf(renamed, {}, './lib/'), await rootsOf(BASE));
    assert.deepEqual(
      await rootsOf({ ...BASE, 'src/n.md': '' }, {}, 'src', ['*.md']),
      await rootsOf(BASE, {}, 'src', ['none']),
    );
  });

  it('keep their value', async () => {
    const { sel } = await rootsOf(BASE);
    assert.equal(sel, 'sha256:088c6773c020d38a5b26daf1280d31b5455b8bf316956ffa2b3598c40bc4242a');
  });

  it('refuse a file that vanished', async () => {
    const tree = memoryTree(BASE);
    const selection = await selectCopy(tree, { sources: ['src'], destination: '/d/' });
    const gone = { ...tree, digests: async (paths: readonly string[]) => paths.map(() => undefined) };
    await assert.rejects(digestSelection(gone, selection), (error) => isErrorKind(error, 'not-found'));
  });
});

describe('chmod', () => {
  it('reads octal and symbolic modes', () => {
    const cases: readonly (readonly [
      text: string,
      mode: number,
      isDirectory: boolean,
      result: number | undefined,
    ])[] = [
      ['644', 0o777, false, 0o644],
      ['0644', 0o777, false, 0o644],
      ['4755', 0, false, 0o4755],
      ['10000', 0, false, undefined],
      ['u=rw,go=r', 0o777, false, 0o644],
      ['+x', 0o644, false, 0o755],
      ['a+X', 0o644, false, 0o644],
      ['a+X', 0o644, true, 0o755],
      ['go-w', 0o666, false, 0o644],
      ['g=u', 0o640, false, 0o660],
      ['u+s', 0o755, false, 0o4755],
      ['u=rwx,g=rx,o=', 0o777, false, 0o750],
      ['u+x-w', 0o644, false, 0o544],
      ['=', 0o7777, false, 0],
      ['+t', 0o777, true, 0o1777],
      ['', 0, false, undefined],
      ['888', 0, false, undefined],
      ['u', 0, false, undefined],
      ['z+x', 0, false, undefined],
    ];
    const results = cases.map(([text, mode, isDirectory]) => [
      text,
      mode,
      isDirectory,
      parseChmod(text)?.(mode, isDirectory),
    ]);
    assert.deepEqual(results, cases);
  });
});

describe('path order', () => {
  it('is the order of a walk with siblings by UTF-8 bytes', () => {
    const part = fc.string({
      unit: fc.constantFrom('a', '-', '.', '0', '\u{10000}', '\uFFFD', '\u00e9'),
      minLength: 1,
      maxLength: 3,
    });
    const path = fc.array(part, { maxLength: 3 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(path, path, (left, right) => {
        const expected = Buffer.compare(key(left), key(right));
        assert.equal(Math.sign(comparePaths(left, right)), expected);
      }),
    );
    function key(text: string): Buffer {
      return Buffer.from(text.replaceAll('/', '\0'));
    }
  });
});
