/** Which files of a copy become names of one file, and which files of an archive count as one. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { LandedFile } from '../../../core/build/landed-files.ts';
import { digestOf } from '../../../core/oci/digest.ts';
import type { TarEntry } from '../../../core/tar/entry.ts';
import { type NewTarMember, writeTar } from '../../../local/tar/writer.ts';
import { openArchiveContext } from '../../../runtime/build/archive-context.ts';
import { HardLinks } from '../../../runtime/build/hard-links.ts';

const FILE: LandedFile = {
  path: 'a',
  source: 'a',
  kind: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  sizeBytes: 1,
  mtimeNs: 0n,
  isNamedFile: false,
  inode: '1:2',
  nthDirectory: 0,
  digest: digestOf(Buffer.from('1')),
};

describe('hard links', () => {
  let folder: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(join(tmpdir(), 'naru-links-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  describe('of a copy', () => {
    const others: Readonly<
      Record<string, { readonly [Name in keyof LandedFile]?: LandedFile[Name] | undefined }>
    > = {
      'another inode': { inode: '1:3' },
      'one with a single name': { inode: undefined },
      'another source directory': { nthDirectory: 1 },
      'a file that a source names': { nthDirectory: undefined },
      'other content, read while it was written': { digest: digestOf(Buffer.from('2')) },
      'another mode, changed meanwhile': { mode: 0o600 },
    };

    it('are kept', () => {
      const links = new HardLinks();
      const [first, second] = [join(folder, 'first'), join(folder, 'second')];
      assert.equal(links.linkToTwin(FILE, first), false);
      fs.writeFileSync(first, '1');
      links.add(FILE, first);
      assert.equal(links.linkToTwin({ ...FILE, path: 'b' }, second), true);
      assert.equal(fs.statSync(second).ino, fs.statSync(first).ino);
      assert.throws(() => links.linkToTwin(FILE, second), { code: 'EEXIST' });
    });

    for (const [what, other] of Object.entries(others)) {
      it(`do not take in ${what}`, () => {
        const links = new HardLinks();
        const path = join(folder, 'first');
        fs.writeFileSync(path, '1');
        links.add(FILE, path);
        assert.equal(links.linkToTwin({ ...FILE, ...other } as LandedFile, join(folder, 'second')), false);
      });
    }
  });

  describe('of an archive', () => {
    const shared = { mode: 0o644, uid: 0, gid: 0, mtimeNs: 0n } as const;
    const file = (path: string, text: string): NewTarMember => ({
      entry: { ...shared, path, kind: 'file', sizeBytes: text.length },
      content: [Buffer.from(text)],
    });
    const link = (path: string, linkTarget: string): NewTarMember => {
      const entry: TarEntry = { ...shared, path, kind: 'hardlink', sizeBytes: 0, linkTarget };
      return { entry };
    };

    it('stand for the file that had the name when they came', async () => {
      const members = [
        file('Dockerfile', 'FROM scratch'),
        file('a', '1'),
        link('b', 'a'),
        link('d', 'b'),
        file('a', '2'),
        link('c', 'a'),
        file('e', '2'),
      ];
      const { tree } = await openArchiveContext(writeTar(members), {
        directory: folder,
        dockerfile: 'Dockerfile',
        signal: new AbortController().signal,
      });
      const inodes = await Promise.all(
        ['a', 'b', 'c', 'd', 'e'].map(async (path) => (await tree.stat(path))?.inode),
      );
      const [a, b, c, d, e] = inodes;
      assert.ok(a !== undefined && b !== undefined && a !== b);
      assert.deepEqual([c, d, e], [a, b, undefined]);
    });
  });
});
