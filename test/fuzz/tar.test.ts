/** Properties of the tar codec: any entry survives, any bytes are either read or refused as invalid. NARU_TEST_FULL=1 runs many more. */

import assert from 'node:assert/strict';
import fc from 'fast-check';

import { isErrorKind } from '../../core/errors.ts';
import { encodeEntry, TRAILER_BYTES } from '../../core/tar/encoder.ts';
import { paddingBytes, type TarEntry, type TarEntryKind } from '../../core/tar/entry.ts';
import { createTarParser } from '../../core/tar/parser.ts';
import { comparePaths, decodePath, encodePath } from '../../core/tar/path-bytes.ts';
import { encodePax, formatPaxTime, parsePax, parsePaxTime } from '../../core/tar/pax.ts';

const numRuns = process.env['NARU_TEST_FULL'] === undefined ? 300 : 20_000;

const name = fc
  .array(
    fc.uint8Array({ minLength: 1, maxLength: 120 }).map((bytes) => bytes.map((byte) => byte || 1)),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => decodePath(Buffer.concat(parts)).replaceAll(/\/+/g, '/').replace(/\/$/, 'x'));
const number = fc.oneof(fc.nat({ max: 0o7777777 }), fc.nat({ max: 2 ** 31 - 1 }), fc.maxSafeNat());
const time = fc.bigInt({ min: -(2n ** 70n), max: 2n ** 62n });
const xattrs = fc
  .array(fc.tuple(fc.stringMatching(/^[a-z.]{1,20}$/), fc.uint8Array({ maxLength: 300 })), {
    minLength: 1,
    maxLength: 4,
  })
  .map((pairs) => new Map(pairs));
const kinds: TarEntryKind[] = ['file', 'hardlink', 'symlink', 'char-device', 'block-device', 'dir', 'fifo'];

const entry: fc.Arbitrary<TarEntry> = fc
  .record({
    path: name,
    kind: fc.constantFrom(...kinds),
    mode: fc.nat({ max: 0o7777 }),
    uid: number,
    gid: number,
    mtimeNs: time,
    linkTarget: name,
    major: fc.nat({ max: 0o7777777 }),
    content: fc.uint8Array({ maxLength: 1500 }),
    xattrs: fc.option(xattrs),
  })
  .map(({ linkTarget, major, content, xattrs: attributes, ...rest }) => ({
    ...rest,
    sizeBytes: rest.kind === 'file' ? content.length : 0,
    ...(rest.kind === 'symlink' || rest.kind === 'hardlink' ? { linkTarget } : {}),
    ...(rest.kind.endsWith('device') ? { device: { major, minor: major } } : {}),
    ...(attributes === null ? {} : { xattrs: attributes }),
  }));

function archiveOf(entries: readonly TarEntry[]): Buffer {
  const parts = entries.flatMap((member) => {
    const content = Buffer.alloc(member.sizeBytes + paddingBytes(member.sizeBytes), 0);
    return [encodeEntry(member), content.fill('c', 0, member.sizeBytes)];
  });
  return Buffer.concat([...parts, Buffer.alloc(TRAILER_BYTES)]);
}

/** Entries; also checks that no byte is lost. */
function parse(archive: Uint8Array, cuts: readonly number[]): readonly TarEntry[] {
  const entries: TarEntry[] = [];
  let seen = 0;
  const parser = createTarParser({
    entry: (found) => entries.push(found),
    content: (chunk) => {
      seen += chunk.length;
    },
    framing: (chunk) => {
      seen += chunk.length;
    },
  });
  const points = [
    0,
    ...cuts.map((cut) => cut % (archive.length + 1)).toSorted((a, b) => a - b),
    archive.length,
  ];
  for (let at = 1; at < points.length; at += 1) parser.push(archive.subarray(points[at - 1], points[at]));
  parser.end();
  assert.equal(seen, archive.length);
  return entries;
}

describe('tar codec, any input', () => {
  it('reads what it wrote, however it is cut', () => {
    const property = fc.property(fc.array(entry, { maxLength: 5 }), fc.array(fc.nat()), (entries, cuts) => {
      assert.deepEqual(parse(archiveOf(entries), cuts), entries);
    });
    fc.assert(property, { numRuns });
  });

  it('is deterministic', () => {
    const property = fc.property(entry, (one) => assert.deepEqual(encodeEntry(one), encodeEntry({ ...one })));
    fc.assert(property, { numRuns });
  });

  it('reads a damaged archive or refuses it as invalid, nothing else', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 6 });
    const property = fc.property(
      fc.array(entry, { maxLength: 3 }),
      damage,
      fc.nat(),
      (entries, changes, length) => {
        const archive = archiveOf(entries);
        for (const [at, byte] of changes) archive[at % archive.length] = byte;
        readOrRefuse(archive.subarray(0, length % (archive.length + 1)));
        readOrRefuse(archive);
      },
    );
    fc.assert(property, { numRuns });
  });

  it('reads a header with a damaged field and a right checksum, or refuses it', () => {
    const property = fc.property(
      entry,
      fc.nat({ max: 499 }),
      fc.uint8Array({ maxLength: 12 }),
      (one, at, bytes) => {
        const archive = archiveOf([one]);
        archive.set(bytes, at);
        archive.fill(0x20, 148, 156);
        const sum = archive.subarray(0, 512).reduce((total, byte) => total + byte, 0);
        archive.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
        readOrRefuse(archive);
      },
    );
    fc.assert(property, { numRuns });
  });
});

function readOrRefuse(archive: Uint8Array): void {
  try {
    parse(archive, [700]);
  } catch (error) {
    assert.ok(isErrorKind(error, 'invalid-argument'), String(error));
  }
}

describe('names and records, any input', () => {
  it('keep their bytes', () => {
    const property = fc.property(fc.uint8Array(), (bytes) => {
      assert.deepEqual([...encodePath(decodePath(bytes))], [...bytes]);
    });
    fc.assert(property, { numRuns });
  });

  it('sort as their bytes', () => {
    const property = fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
      assert.equal(comparePaths(decodePath(a), decodePath(b)), Buffer.compare(a, b));
    });
    fc.assert(property, { numRuns });
  });

  it('survive pax', () => {
    const key = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !/[=\0]/.test(text));
    const records = fc.array(fc.tuple(key, fc.uint8Array())).map((pairs) => new Map(pairs));
    const property = fc.property(records, time, (map, ns) => {
      const read = new Map([...parsePax(encodePax(map))].map(([k, value]) => [k, [...value]]));
      assert.deepEqual(read, new Map([...map].map(([k, value]) => [k, [...value]])));
      assert.equal(parsePaxTime(formatPaxTime(ns)), ns);
    });
    fc.assert(property, { numRuns });
  });
});
