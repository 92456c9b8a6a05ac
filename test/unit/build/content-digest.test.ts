/** The digest of what a selection lands changes with what lands in an image, and with nothing else. */

import assert from 'node:assert/strict';

import { contentDigest } from '../../../core/build/cache-key.ts';
import type { CopySelection } from '../../../core/build/cache-record.ts';
import { landSelection } from '../../../core/build/requests.ts';
import { type MemoryFile, memoryTree } from '../../../core/context/memory-tree.ts';
import type { Digest } from '../../../core/oci/digest.ts';

type Files = Readonly<Record<string, string | MemoryFile>>;
type Choice = Partial<CopySelection>;

const BASE: Files = {
  'src/a.sh': { content: 'x', mode: 0o755 },
  'src/sub/b': 'y',
  'src/l': { linkTarget: 'a' },
};

/** `COPY --from=… src /d/` out of a tree of these files. */
async function digestOf(files: Files, choice: Choice = {}): Promise<Digest> {
  const { landed } = await landSelection(memoryTree(files), {
    kind: 'copy',
    sources: ['src'],
    destination: '/d',
    isDestinationDirectory: true,
    excludes: [],
    keepsParents: false,
    ...choice,
  });
  return contentDigest(landed, choice);
}

async function bindDigest(files: Files, path: string): Promise<Digest> {
  return contentDigest((await landSelection(memoryTree(files), { kind: 'tree', path })).landed, {});
}

/** Edits of the files above, each alone. */
const SEEN: Readonly<Record<string, Files>> = {
  content: { 'src/a.sh': { content: 'z', mode: 0o755 } },
  'content of another size': { 'src/a.sh': { content: 'xx', mode: 0o755 } },
  'mode of a file': { 'src/a.sh': { content: 'x', mode: 0o644 } },
  'mode of a directory': { 'src/sub/': { mode: 0o700 } },
  'set-uid bit': { 'src/a.sh': { content: 'x', mode: 0o4755 } },
  user: { 'src/a.sh': { content: 'x', mode: 0o755, uid: 1 } },
  group: { 'src/a.sh': { content: 'x', mode: 0o755, gid: 1 } },
  'target of a link': { 'src/l': { linkTarget: 'b' } },
  'a link in place of a file': { 'src/a.sh': { linkTarget: 'x' } },
  'an empty directory': { 'src/empty/': {} },
  'an empty file': { 'src/empty': '' },
  'a fifo': { 'src/p': { kind: 'fifo' } },
};

const UNSEEN: Readonly<Record<string, readonly [Files, Choice?]>> = {
  'time of a file': [{ 'src/sub/b': { content: 'y', mtimeNs: 5n } }],
  'a file outside': [{ other: '1' }],
  'mode of the source directory': [{ 'src/': { mode: 0o700 } }],
  'mode of a link': [{ 'src/l': { linkTarget: 'a', mode: 0o700 } }],
  'mode under --chmod': [
    { 'src/a.sh': { content: 'x', mode: 0o600 }, 'src/sub/': { mode: 0o700 } },
    { chmod: '755' },
  ],
  'owner under --chown': [{ 'src/a.sh': { content: 'x', mode: 0o755, uid: 9, gid: 9 } }, { chown: '5:6' }],
  'an excluded file': [{ 'src/n.md': '' }, { excludes: ['*.md'] }],
};

describe('the digest of what lands', () => {
  for (const [name, edit] of Object.entries(SEEN)) {
    it(`changes with ${name}`, async () => {
      assert.notEqual(await digestOf({ ...BASE, ...edit }), await digestOf(BASE));
    });
  }

  for (const [name, [edit, choice]] of Object.entries(UNSEEN)) {
    it(`does not change with ${name}`, async () => {
      assert.equal(await digestOf({ ...BASE, ...edit }, choice), await digestOf(BASE, choice));
    });
  }

  it('does not depend on how the source was spelled', async () => {
    const renamed = Object.fromEntries(
      Object.entries(BASE).map(([path, file]) => [path.replace('src/', 'lib/'), file]),
    );
    assert.equal(await digestOf(renamed, { sources: ['./lib/'] }), await digestOf(BASE));
    assert.equal(await digestOf(BASE, { excludes: ['none'] }), await digestOf(BASE));
    assert.equal(await digestOf(BASE, { chmod: '0644' }), await digestOf(BASE, { chmod: '644' }));
  });

  it('is told apart by device numbers and attributes', async () => {
    const odd = (file: MemoryFile): Promise<Digest> => digestOf({ 'src/odd': file });
    const device = { kind: 'char-device', device: { major: 1, minor: 3 } } as const;
    const attributes = (...pairs: [string, string][]): MemoryFile => ({
      content: '',
      xattrs: new Map(pairs.map(([name, value]) => [name, Buffer.from(value)])),
    });
    const digests = await Promise.all([
      odd(device),
      odd({ ...device, device: { major: 1, minor: 5 } }),
      odd({ ...device, kind: 'block-device' }),
      odd({ content: '' }),
      odd(attributes(['user.a', 'A'])),
      odd(attributes(['user.a', 'B'])),
      odd(attributes(['user.b', 'A'])),
      odd(attributes(['user.a', 'A'], ['user.b', 'B'])),
      // Its name looks like the two above, written one after the other.
      odd(attributes(['user.a=QQ== user.b', 'B'])),
      odd(attributes(['"user.a=QQ== user.b"', 'B'])),
    ]);
    assert.equal(new Set(digests).size, digests.length);
    assert.equal(
      await odd(attributes(['user.b', 'B'], ['user.a', 'A'])),
      await odd(attributes(['user.a', 'A'], ['user.b', 'B'])),
    );
  });

  it('counts which files are named where archives are unpacked', async () => {
    const folder = { sources: ['src'] };
    const named = { sources: ['src', 'src/a.sh'] };
    assert.equal(await digestOf(BASE, folder), await digestOf(BASE, named));
    assert.notEqual(
      await digestOf(BASE, { ...folder, unpacks: true }),
      await digestOf(BASE, { ...named, unpacks: true }),
    );
  });

  it('tells a directory that is mounted from the file in it, and sees its own mode', async () => {
    assert.notEqual(await bindDigest(BASE, 'src'), await bindDigest(BASE, 'src/sub'));
    assert.notEqual(
      await bindDigest({ ...BASE, 'src/': { mode: 0o700 } }, 'src'),
      await bindDigest(BASE, 'src'),
    );
    assert.notEqual(await bindDigest({ a: '' }, 'a'), await bindDigest({ 'a/': {} }, 'a'));
    assert.equal(await bindDigest({ a: '1' }, 'a'), await bindDigest({ b: '1' }, 'b'));
  });

  it('says whether one file lands at a path or in a directory there', async () => {
    const file = { sources: ['src/a.sh'] };
    assert.notEqual(
      await digestOf(BASE, { ...file, isDestinationDirectory: false }),
      await digestOf(BASE, file),
    );
    assert.notEqual(
      await digestOf({ 'src/a.sh': 'x' }, { sources: ['src'] }),
      await digestOf({ 'src/a.sh': 'x' }, file),
    );
    const two = { isDestinationDirectory: false, sources: ['src/a', 'src/b'] };
    const files = { 'src/a': '1', 'src/b': '2' };
    assert.notEqual(
      await digestOf(files, two),
      await digestOf(files, { ...two, sources: ['src/b', 'src/a'] }),
    );
  });
});
