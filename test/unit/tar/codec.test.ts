/** The tar codec, byte level: what we write, what we read from others, what we refuse. Archives of GNU tar are made at test time. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { encodeEntry, TRAILER_BYTES } from '../../../core/tar/encoder.ts';
import { paddingBytes, type TarEntry } from '../../../core/tar/entry.ts';
import { createTarParser } from '../../../core/tar/parser.ts';
import { comparePaths, decodePath, encodePath, hasRawBytes } from '../../../core/tar/path-bytes.ts';
import { encodePax, formatPaxTime, parsePax, parsePaxTime } from '../../../core/tar/pax.ts';
import { classifyLayerPath, opaquePath, whiteoutPath } from '../../../core/tar/whiteout.ts';

const FILE: TarEntry = { path: 'a', kind: 'file', mode: 0o644, uid: 0, gid: 0, sizeBytes: 0, mtimeNs: 0n };

function archive(...members: readonly (TarEntry | string)[]): Uint8Array {
  const parts = members.map((member) => {
    if (typeof member !== 'string') return encodeEntry(member);
    return Buffer.concat([Buffer.from(member), Buffer.alloc(paddingBytes(member.length))]);
  });
  return Buffer.concat([...parts, Buffer.alloc(TRAILER_BYTES)]);
}

interface Read {
  readonly entries: readonly TarEntry[];
  readonly contents: readonly string[];
}

/** Also checks that the parts given to the sink make up the archive. */
function parse(bytes: Uint8Array, chunkBytes = bytes.length): Read {
  const entries: TarEntry[] = [];
  const contents: string[] = [];
  const all: Uint8Array[] = [];
  const parser = createTarParser({
    entry: (entry) => {
      entries.push(entry);
      contents.push('');
    },
    content: (chunk) => {
      all.push(Uint8Array.from(chunk));
      contents[contents.length - 1] += Buffer.from(chunk).toString('latin1');
    },
    framing: (chunk) => all.push(Uint8Array.from(chunk)),
  });
  for (let at = 0; at < bytes.length; at += chunkBytes) parser.push(bytes.subarray(at, at + chunkBytes));
  parser.end();
  assert.deepEqual(Buffer.concat(all), Buffer.from(bytes));
  return { entries, contents };
}

describe('tar codec', () => {
  const entries: readonly TarEntry[] = [
    FILE,
    { ...FILE, path: 'setuid', mode: 0o4755, uid: 1000, gid: 2000, mtimeNs: 1_700_000_000_000_000_000n },
    { ...FILE, path: 'dir', kind: 'dir', mode: 0o1777 },
    { ...FILE, path: 'link', kind: 'symlink', linkTarget: '../x' },
    { ...FILE, path: 'hard', kind: 'hardlink', linkTarget: 'a' },
    { ...FILE, path: 'fifo', kind: 'fifo' },
    { ...FILE, path: 'null', kind: 'char-device', device: { major: 1, minor: 3 } },
    { ...FILE, path: 'disk', kind: 'block-device', device: { major: 259, minor: 70000 } },
    { ...FILE, path: 'past', mtimeNs: -1n },
    { ...FILE, path: 'fraction', mtimeNs: 1_700_000_000_120_000_000n },
    { ...FILE, path: 'huge-owner', uid: 2 ** 31, gid: 2 ** 32 - 2 },
    { ...FILE, path: `${'d'.repeat(99)}/${'f'.repeat(99)}` },
    { ...FILE, path: `${'d'.repeat(99)}/${'e'.repeat(54)}/${'f'.repeat(100)}` },
    { ...FILE, path: 'n'.repeat(300), kind: 'dir' },
    { ...FILE, path: 'l', kind: 'symlink', linkTarget: `${'t'.repeat(200)}` },
    { ...FILE, path: '한글', kind: 'symlink', linkTarget: 'ñ' },
    { ...FILE, path: 'raw\udcff', kind: 'symlink', linkTarget: '\udc80' },
    { ...FILE, path: `raw\udcff${'x'.repeat(200)}` },
    { ...FILE, path: 'caps', xattrs: new Map([['security.capability', Uint8Array.of(1, 0, 10, 61)]]) },
  ];

  for (const chunkBytes of [1, 511, 512, 1000, 1 << 20]) {
    it(`reads what it wrote, in chunks of ${chunkBytes} bytes`, () => {
      assert.deepEqual(parse(archive(...entries), chunkBytes).entries, entries);
    });
  }

  it('reads contents and their padding', () => {
    const file = (path: string, text: string): [TarEntry, string] => [
      { ...FILE, path, sizeBytes: text.length },
      text,
    ];
    const bytes = archive(
      ...file('a', 'hello'),
      ...file('b', 'x'.repeat(512)),
      ...file('c', 'y'.repeat(1025)),
    );
    assert.deepEqual(parse(bytes, 100).contents, ['hello', 'x'.repeat(512), 'y'.repeat(1025)]);
  });

  it('writes no pax header where ustar is enough', () => {
    assert.equal(encodeEntry(entries[11] ?? FILE).length, 512);
    assert.equal(encodeEntry({ ...FILE, path: 'n'.repeat(101) }).length, 3 * 512);
  });

  it('writes sizes above 8 GiB', () => {
    const sizes: number[] = [];
    const parser = createTarParser({
      entry: (entry) => sizes.push(entry.sizeBytes),
      content: () => undefined,
    });
    parser.push(encodeEntry({ ...FILE, sizeBytes: 2 ** 40 }));
    assert.deepEqual(sizes, [2 ** 40]);
  });

  function change(offset: number, text: string, type = '0'): Uint8Array {
    const block = Buffer.from(encodeEntry(FILE));
    block.write(type, 156, 'latin1');
    block.write(text, offset, 'latin1');
    block.fill(0x20, 148, 156);
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    return block;
  }

  for (const [title, bytes, code] of [
    ['what is no archive', Buffer.alloc(512, 'x'), 'E_TAR_CHECKSUM'],
    ['a changed header', Buffer.from(encodeEntry(FILE)).fill('b', 0, 1), 'E_TAR_CHECKSUM'],
    ['a number that is not octal', change(108, '00000x9'), 'E_TAR_NUMBER'],
    ['a negative size', change(124, '\xff'.repeat(12)), 'E_TAR_NUMBER'],
    ['a size above 2^53', change(124, `\x80${'\x7f'.repeat(11)}`), 'E_TAR_NUMBER'],
    ['an old GNU sparse member', change(0, 'a', 'S'), 'E_TAR_SPARSE'],
    ['an unknown type', change(0, 'a', 'Z'), 'E_TAR_TYPE'],
    ['a giant extended header', change(124, '77777777777', 'x'), 'E_TAR_HEADER'],
    ['half an end mark', Buffer.concat([Buffer.alloc(512), encodeEntry(FILE)]), 'E_TAR_HEADER'],
    ['half a header', encodeEntry(FILE).subarray(0, 300), 'E_TAR_TRUNCATED'],
    ['half a content', encodeEntry({ ...FILE, sizeBytes: 9 }), 'E_TAR_TRUNCATED'],
    ['a pax header of nothing', encodeEntry({ ...FILE, mtimeNs: 1n }).subarray(0, 1024), 'E_TAR_TRUNCATED'],
  ] as const) {
    it(`refuses ${title}`, () => {
      assert.throws(() => parse(bytes), { kind: 'invalid-argument', code });
    });
  }

  it('accepts an archive without end mark and keeps what follows one', () => {
    assert.equal(parse(encodeEntry(FILE)).entries.length, 1);
    assert.equal(parse(Buffer.concat([archive(FILE), Buffer.from('garbage')])).entries.length, 1);
  });
});

describe('pax records', () => {
  it('count their own length at each number of digits', () => {
    for (const size of [0, 1, 88, 89, 90, 91, 92, 988, 989, 990, 991, 9987, 9988]) {
      const records = new Map([['key', Buffer.alloc(size, 'v')]]);
      assert.deepEqual(parsePax(encodePax(records)).get('key')?.length, size);
    }
  });

  for (const text of ['5 a=', '7 a=b\n', '6 ab\n\n', '6 =ab\n', 'x a=b\n', '99 a=b\n', '0 a\n']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => parsePax(Buffer.from(text)), { code: 'E_TAR_PAX' });
    });
  }

  for (const [ns, text] of [
    [0n, '0'],
    [-1n, '-0.000000001'],
    [-1_500_000_000n, '-1.5'],
    [1_700_000_000_123_456_789n, '1700000000.123456789'],
  ] as const) {
    it(`writes ${text}`, () => {
      assert.deepEqual([formatPaxTime(ns), parsePaxTime(text)], [text, ns]);
    });
  }
});

describe('path bytes', () => {
  it('keep bytes that are not UTF-8', () => {
    const odd = [
      0x61, 0xff, 0xed, 0xa0, 0x80, 0xc3, 0x28, 0xf0, 0x9f, 0xef, 0xbf, 0xbd, 0xf0, 0x9f, 0x90, 0x8b,
    ];
    const text = decodePath(Uint8Array.from(odd));
    assert.equal(text, 'a\udcff\udced\udca0\udc80\udcc3(\udcf0\udc9f\ufffd🐋');
    assert.deepEqual([...encodePath(text)], odd);
    assert.deepEqual([hasRawBytes(text), hasRawBytes('🐋한')], [true, false]);
  });

  it('sort as bytes do', () => {
    assert.deepEqual(['🐋', '\uffee', 'a/b', 'a.b', 'a'].toSorted(comparePaths), [
      'a',
      'a.b',
      'a/b',
      '\uffee',
      '🐋',
    ]);
  });
});

describe('whiteouts', () => {
  for (const [path, expected] of [
    ['a/b', { kind: 'plain' }],
    ['a/.wh.b', { kind: 'whiteout', path: 'a/b' }],
    ['.wh.b', { kind: 'whiteout', path: 'b' }],
    ['.wh..wh..opq', { kind: 'opaque', directory: '' }],
    ['a/b/.wh..wh..opq', { kind: 'opaque', directory: 'a/b' }],
    ['.wh..wh.plnk', { kind: 'ignored' }],
    ['.wh..wh.plnk/1.2', { kind: 'ignored' }],
  ] as const) {
    it(`${path} is ${expected.kind}`, () => assert.deepEqual(classifyLayerPath(path), expected));
  }

  it('refuses names that would leave the directory', () => {
    for (const path of ['.wh.', 'a/.wh..', 'a/.wh...', '.wh.a/b', 'a/.wh.b/.wh.c']) {
      assert.throws(() => classifyLayerPath(path), { code: 'E_LAYER_WHITEOUT' });
    }
  });

  it('are written as they are read', () => {
    assert.deepEqual([whiteoutPath('a/b'), whiteoutPath('b')], ['a/.wh.b', '.wh.b']);
    assert.deepEqual([opaquePath('a'), opaquePath('')], ['a/.wh..wh..opq', '.wh..wh..opq']);
  });
});

describe('archives of GNU tar', function () {
  let dir = '';
  before(function () {
    if (!isGnuTar()) this.skip();
    dir = fs.mkdtempSync(join(tmpdir(), 'naru-gnutar-'));
    fs.mkdirSync(join(dir, 'in', 'd'.repeat(120)), { recursive: true });
    fs.writeFileSync(join(dir, 'in', 'd'.repeat(120), 'f'.repeat(120)), 'long');
    fs.writeFileSync(join(dir, 'in/한글'), 'x'.repeat(600));
    fs.symlinkSync('t'.repeat(150), join(dir, 'in/link'));
    fs.linkSync(join(dir, 'in/한글'), join(dir, 'in/hard'));
    fs.utimesSync(join(dir, 'in/한글'), 1_700_000_000.25, 1_700_000_000.25);
  });
  after(() => {
    if (dir !== '') fs.rmSync(dir, { recursive: true });
  });

  for (const format of ['gnu', 'oldgnu', 'pax', 'posix']) {
    it(`are read (--format=${format})`, () => {
      const bytes = execFileSync('tar', [
        '-C',
        join(dir, 'in'),
        `--format=${format}`,
        '--sort=name',
        '-c',
        '.',
      ]);
      const { entries, contents } = parse(bytes, 700);
      const long = `./${'d'.repeat(120)}`;
      assert.deepEqual(
        entries.map(({ path, kind }) => [path, kind]),
        [
          ['.', 'dir'],
          [long, 'dir'],
          [`${long}/${'f'.repeat(120)}`, 'file'],
          ['./hard', 'file'],
          ['./link', 'symlink'],
          ['./한글', 'hardlink'],
        ],
      );
      assert.deepEqual(contents.slice(2, 4), ['long', 'x'.repeat(600)]);
      assert.equal(entries[4]?.linkTarget, 't'.repeat(150));
      const fraction = format === 'pax' || format === 'posix' ? 250_000_000n : 0n;
      assert.equal(entries[3]?.mtimeNs, 1_700_000_000_000_000_000n + fraction);
    });
  }

  it('of sparse files are refused', () => {
    fs.writeFileSync(join(dir, 'sparse'), '');
    fs.truncateSync(join(dir, 'sparse'), 1 << 20);
    for (const format of ['gnu', 'pax']) {
      const bytes = execFileSync('tar', ['-C', dir, `--format=${format}`, '-S', '-c', 'sparse']);
      assert.throws(() => parse(bytes), { code: 'E_TAR_SPARSE' });
    }
  });

  it('list what we write', () => {
    const entries: readonly TarEntry[] = [
      { ...FILE, path: `${'d'.repeat(200)}/한글`, mtimeNs: 1_700_000_000_500_000_000n },
      { ...FILE, path: 'dir', kind: 'dir' },
      { ...FILE, path: 'link', kind: 'symlink', linkTarget: 'x'.repeat(150) },
    ];
    const listing = execFileSync('tar', ['-t', '--quoting-style=literal'], { input: archive(...entries) });
    assert.equal(listing.toString(), `${'d'.repeat(200)}/한글\ndir/\nlink\n`);
  });
});

function isGnuTar(): boolean {
  try {
    return execFileSync('tar', ['--version'], { encoding: 'utf8' }).includes('GNU tar');
  } catch {
    return false;
  }
}
