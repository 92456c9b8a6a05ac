/** Tar streams and decompression: pull based, skipping, early ends, damage. */

import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { gzipSync, zstdCompressSync } from 'node:zlib';

import type { TarEntry } from '../../../core/tar/entry.ts';
import { decompressed } from '../../../local/tar/decompress.ts';
import { readMember, readTar } from '../../../local/tar/reader.ts';
import { type NewTarMember, writeTar } from '../../../local/tar/writer.ts';

function file(path: string, text: string): NewTarMember {
  const entry: TarEntry = {
    path,
    kind: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    sizeBytes: text.length,
    mtimeNs: 0n,
  };
  return { entry, content: [Buffer.from(text)] };
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('tar streams', () => {
  const members = [file('a', 'hello'), file('b', 'x'.repeat(3000)), file('c', '')];

  for (const size of [7, 512, 100000]) {
    it(`read members and contents from chunks of ${size} bytes`, async () => {
      const bytes = await collect(writeTar(members));
      const found: [string, string][] = [];
      for await (const member of readTar(inChunks(bytes, size))) {
        found.push([member.entry.path, (await readMember(member, 5000)).toString()]);
      }
      assert.deepEqual(found, [
        ['a', 'hello'],
        ['b', 'x'.repeat(3000)],
        ['c', ''],
      ]);
    });
  }

  it('skip what is not read, wholly or in part', async () => {
    const found: string[] = [];
    for await (const member of readTar(inChunks(await collect(writeTar(members)), 100))) {
      found.push(member.entry.path);
      for await (const _ of member.content) break;
    }
    assert.deepEqual(found, ['a', 'b', 'c']);
  });

  it('end the source when the reader stops early', async () => {
    const source = Readable.from(inChunks(await collect(writeTar(members)), 100));
    for await (const _ of readTar(source)) break;
    assert.ok(source.destroyed);
  });

  it('bound what is held in memory', async () => {
    for await (const member of readTar(writeTar([file('a', 'hello')]))) {
      await assert.rejects(readMember(member, 4), { code: 'E_TAR_MEMBER_SIZE' });
    }
  });

  it('refuse contents that are not as long as said', async () => {
    const wrong = { ...file('a', 'hello'), content: [Buffer.from('hell')] };
    await assert.rejects(collect(writeTar([wrong])), { code: 'E_TAR_CONTENT' });
  });

  it('stop when the caller leaves', async () => {
    const reading = readTar(writeTar(members), AbortSignal.abort());
    await assert.rejects(reading.next(), { kind: 'cancelled' });
  });

  it('stop at once when the caller leaves while nothing more comes', async () => {
    async function* stuck(): AsyncGenerator<Uint8Array> {
      yield (await collect(writeTar(members))).subarray(0, 514);
      await new Promise(() => undefined);
    }
    const abort = new AbortController();
    const reading = readTar(decompressed(stuck()), abort.signal);
    const first = await reading.next();
    assert.ok(first.done !== true);
    const content = readMember(first.value, 5000);
    abort.abort();
    await assert.rejects(content, { kind: 'cancelled' });
    await reading.return();
  });
});

describe('decompression', () => {
  const text = Buffer.from('hello '.repeat(100_000));
  for (const [name, bytes] of [
    ['none', text],
    ['gzip', gzipSync(text)],
    ['two gzip members', Buffer.concat([gzipSync(text.subarray(0, 9)), gzipSync(text.subarray(9))])],
    ['zstd', zstdCompressSync(text)],
    ['nothing at all', Buffer.alloc(0)],
  ] as const) {
    it(`of ${name}`, async () => {
      const found = await collect(decompressed(inChunks(bytes, 3)));
      assert.deepEqual(found, name === 'nothing at all' ? bytes : text);
    });
  }

  it('names damage and what is not supported', async () => {
    const damaged = gzipSync(text).subarray(0, 200);
    await assert.rejects(collect(decompressed(inChunks(damaged, 50))), { code: 'E_DECOMPRESS' });
    await assert.rejects(collect(decompressed(inChunks(Buffer.from('BZh91AY'), 50))), {
      kind: 'unimplemented',
      code: 'E_COMPRESSION',
    });
  });

  it('passes on what the source throws', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield gzipSync(text).subarray(0, 50);
      throw new Error('lost connection');
    }
    await assert.rejects(collect(decompressed(failing())), /lost connection/);
  });
});
