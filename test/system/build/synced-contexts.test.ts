/** Contexts that clients sent: what the engine answers of one it knows, and what it does not answer of one it lost. */

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import type { FileEntry } from '../../../core/context/file-tree.ts';
import { digestHex, digestOf } from '../../../core/oci/digest.ts';
import { type ContextAnswer, encodeManifest } from '../../../core/protocol/context-sync.ts';
import { writeTar } from '../../../local/tar/writer.ts';
import { SyncedContexts } from '../../../runtime/build/synced-contexts.ts';

const NEVER = new AbortController().signal;

describe('synced contexts', () => {
  let root: string;
  let contexts: SyncedContexts;
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'naru-synced-'));
    contexts = await open();
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  async function open(): Promise<SyncedContexts> {
    const opened = new SyncedContexts(root);
    await opened.recover();
    return opened;
  }
  function send(texts: readonly string[]): Promise<ContextAnswer> {
    return contexts.receiveManifest(Readable.from([manifest(texts)]), () => undefined);
  }
  function fill(id: string, texts: readonly string[]): Promise<ContextAnswer> {
    return contexts.receiveFiles(id, archive(texts), NEVER);
  }

  it('answers of a known context what is still lacking', async () => {
    const { id, lacking } = await send(['one', 'two']);
    assert.deepEqual(lacking, [digestOf('one'), digestOf('two')]);
    await fill(id, ['one']);
    assert.deepEqual(await contexts.answer(id), { id, lacking: [digestOf('two')] });
    await assert.rejects(contexts.tree(id), { code: 'E_CONTEXT_INCOMPLETE' });
    await fill(id, ['two']);
    assert.deepEqual(await contexts.answer(id), { id, lacking: [] });
    const tree = await contexts.tree(id);
    assert.deepEqual(
      (await tree.walk('')).map(({ path }) => path),
      ['', 'f0', 'f1'],
    );
  });

  it('knows a complete context in a new process, without the contents another process lost', async () => {
    const { id } = await send(['one', 'two']);
    await fill(id, ['one', 'two']);
    contexts = await open();
    assert.deepEqual(await contexts.answer(id), { id, lacking: [] });
    rmSync(join(root, 'content/files', digestHex(digestOf('two'))));
    contexts = await open();
    assert.deepEqual(await contexts.answer(id), { id, lacking: [digestOf('two')] });
  });

  it('does not know a context whose manifest is gone, torn or another', async () => {
    const { id } = await send(['one']);
    await fill(id, ['one']);
    const file = join(root, 'manifests', id);
    truncateSync(file, 60);
    contexts = await open();
    await assert.rejects(contexts.answer(id), { code: 'E_CONTEXT' });
    writeFileSync(file, manifest(['other']));
    contexts = await open();
    await assert.rejects(contexts.answer(id), { code: 'E_CONTEXT' });
    await assert.rejects(contexts.tree(id), { code: 'E_CONTEXT' });
    await assert.rejects(contexts.answer('../manifests'), { code: 'E_CONTEXT' });
    assert.deepEqual((await send(['one'])).id, id);
  });

  it('keeps only so many manifests in memory, the latest always', async () => {
    contexts = new SyncedContexts(root, 5);
    await contexts.recover();
    const ids = [];
    for (const last of ['a', 'b', 'c']) ids.push((await send(['same', last])).id);
    const [first = '', second = '', third = ''] = ids;
    assert.deepEqual((await contexts.answer(first)).lacking, [digestOf('same'), digestOf('a')]);
    rmSync(join(root, 'manifests'), { recursive: true });
    assert.deepEqual((await contexts.answer(first)).lacking, [digestOf('same'), digestOf('a')]);
    await assert.rejects(contexts.answer(second), { code: 'E_CONTEXT' });
    await assert.rejects(contexts.answer(third), { code: 'E_CONTEXT' });
  });

  it('takes one manifest from two clients at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(['one', 'two'])));
    assert.equal(new Set(answers.map(({ id }) => id)).size, 1);
    assert.deepEqual(readdirSync(join(root, 'manifests')), [answers[0]?.id]);
  });

  it('refuses what is no manifest, with or without a last newline', async () => {
    const text = manifest(['one']);
    const whole = await contexts.receiveManifest(Readable.from([text.subarray(0, -1)]), () => undefined);
    assert.deepEqual(whole.lacking, [digestOf('one')]);
    for (const bad of ['', '{}', text.subarray(0, -9), Buffer.concat([text, Buffer.from('{"path":"../x"}')])])
      await assert.rejects(
        contexts.receiveManifest(Readable.from([Buffer.from(bad)]), () => undefined),
        {
          kind: 'invalid-argument',
        },
      );
  });
});

/** Files f0, f1 … with these texts. */
function manifest(texts: readonly string[]): Buffer {
  const shared = { kind: 'file', mode: 0o644, uid: 0, gid: 0, mtimeNs: 0n } as const;
  const entries = texts.map((text, nth) => {
    const entry: FileEntry = { ...shared, path: `f${nth}`, sizeBytes: text.length };
    return { entry, digest: digestOf(text) };
  });
  return Buffer.from([...encodeManifest(entries)].join(''));
}

function archive(texts: readonly string[]): Readable {
  const shared = { kind: 'file', mode: 0o600, uid: 0, gid: 0, mtimeNs: 0n } as const;
  const members = texts.map((text) => ({
    entry: { ...shared, path: digestHex(digestOf(text)), sizeBytes: text.length },
    content: [Buffer.from(text)],
  }));
  return Readable.from(writeTar(members), { objectMode: false });
}
