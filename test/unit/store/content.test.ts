/** The content store: a blob is complete and checked, or not there. */

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { digestOf } from '../../../core/oci/digest.ts';
import { ContentStore } from '../../../runtime/store/content.ts';

describe('content store', () => {
  const digest = digestOf('hello');
  let dir = '';
  let store: ContentStore;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'naru-content-'));
    store = new ContentStore(dir);
    await store.recover();
  });
  afterEach(() => {
    assert.deepEqual(readdirSync(join(dir, 'ingest')), [], 'nothing unfinished is left');
    rmSync(dir, { recursive: true, force: true });
  });

  it('stores, finds, reads and removes', async () => {
    const stored = await store.put(Readable.from([Buffer.from('hel'), Buffer.from('lo')]));
    assert.deepEqual(stored, { digest, sizeBytes: 5 });
    assert.deepEqual(await store.putBytes(Buffer.from('hello')), stored);
    assert.deepEqual(await store.list(), [digest]);
    assert.equal(await store.sizeBytes(digest), 5);
    assert.equal(Buffer.from(await store.read(digest, 5)).toString(), 'hello');
    assert.equal(Buffer.concat(await store.stream(digest).toArray()).toString(), 'hello');
    await assert.rejects(store.read(digest, 4), { kind: 'invalid-argument', code: 'E_BLOB_SIZE' });
    assert.deepEqual([await store.remove(digest), await store.remove(digest)], [true, false]);
    assert.equal(await store.sizeBytes(digest), undefined);
    await assert.rejects(store.read(digest, 5), { kind: 'not-found', code: 'E_BLOB_ABSENT' });
  });

  for (const [title, expected, code] of [
    ['another digest', { digest: digestOf('other') }, 'E_BLOB_DIGEST'],
    ['more bytes than said', { sizeBytes: 4 }, 'E_BLOB_SIZE'],
    ['fewer bytes than said', { sizeBytes: 6 }, 'E_BLOB_SIZE'],
  ] as const) {
    it(`refuses ${title}`, async () => {
      await assert.rejects(store.putBytes(Buffer.from('hello'), { expected }), {
        kind: 'invalid-argument',
        code,
      });
      assert.deepEqual(await store.list(), []);
    });
  }

  it('leaves nothing when the source fails or the caller leaves', async () => {
    async function* failing(): AsyncGenerator<Buffer> {
      yield Buffer.from('a');
      throw new Error('lost connection');
    }
    await assert.rejects(store.put(Readable.from(failing())), /lost connection/);
    const signal = AbortSignal.abort();
    await assert.rejects(store.putBytes(Buffer.from('a'), { signal }), { kind: 'cancelled' });
    assert.deepEqual(await store.list(), []);
  });

  it('removes what a killed process left', async () => {
    writeFileSync(join(dir, 'ingest', 'half'), 'x');
    await store.recover();
    assert.deepEqual(readdirSync(join(dir, 'ingest')), []);
  });
});
