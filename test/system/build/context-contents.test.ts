/** Contents of build contexts on disk: complete or absent, and forgotten with the boot that stored them. */

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { digestOf } from '../../../core/oci/digest.ts';
import { ContextContents } from '../../../runtime/build/context-contents.ts';

const HELLO = digestOf('hello');
const OTHER = digestOf('other');

function bytes(text: string): AsyncIterable<Uint8Array> {
  return Readable.from([Buffer.from(text)]);
}

describe('contents of build contexts', () => {
  let root: string;
  let contents: ContextContents;
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'naru-contents-'));
    contents = await open();
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  async function open(isUsed: (digest: string) => boolean = () => true): Promise<ContextContents> {
    const opened = new ContextContents(root);
    await opened.recover(isUsed);
    return opened;
  }

  it('keeps what has the digest it is sent under, and nothing else', async () => {
    assert.equal(await contents.put(HELLO, bytes('hello')), true);
    assert.equal(await contents.put(OTHER, bytes('not other')), false);
    assert.deepEqual([contents.has(HELLO), contents.has(OTHER)], [true, false]);
    assert.equal(Buffer.from(await contents.read(HELLO, 5)).toString(), 'hello');
    await assert.rejects(contents.read(HELLO, 4), { code: 'E_BLOB_SIZE' });
    assert.deepEqual([readdirSync(join(root, 'files')).length, readdirSync(join(root, 'incoming'))], [1, []]);
  });

  it('keeps nothing of a transfer that broke', async () => {
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('hel');
      throw new Error('gone');
    }
    await assert.rejects(contents.put(HELLO, breaking()), /gone/);
    assert.deepEqual([contents.has(HELLO), readdirSync(join(root, 'incoming'))], [false, []]);
  });

  it('has what an earlier process stored, without what no manifest names', async () => {
    await contents.put(HELLO, bytes('hello'));
    await contents.put(OTHER, bytes('other'));
    const next = await open((digest) => digest === HELLO);
    assert.deepEqual([next.has(HELLO), next.has(OTHER)], [true, false]);
    assert.equal(readdirSync(join(root, 'files')).length, 1);
  });

  it('forgets what an earlier boot of the machine stored, because it was never synced', async () => {
    await contents.put(HELLO, bytes('hello'));
    writeFileSync(join(root, 'boot'), 'another boot');
    assert.equal((await open()).has(HELLO), false);
  });
});
