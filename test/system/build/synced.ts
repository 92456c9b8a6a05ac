/** Contexts and builds through the engine's own API. */

import assert from 'node:assert/strict';
import { Readable } from 'node:stream';

import type { FileEntry } from '../../../core/context/file-tree.ts';
import { digestHex, digestOf } from '../../../core/oci/digest.ts';
import type { BuildEvent, BuildRequest } from '../../../core/protocol/build.ts';
import { type ContextAnswer, encodeManifest } from '../../../core/protocol/context-sync.ts';
import { writeTar } from '../../../local/tar/writer.ts';
import { buildRequest } from '../../support/build-request.ts';
import type { EngineProcess } from './engine-process.ts';

/** Sends a context as a client does: the manifest, then what the engine lacks. */
export async function sync(
  engine: EngineProcess,
  files: Readonly<Record<string, string>>,
): Promise<{ id: string; nSent: number }> {
  const directories = new Set(
    Object.keys(files).flatMap((path) => (path.includes('/') ? [path.slice(0, path.indexOf('/'))] : [])),
  );
  const manifest = [
    ...[...directories].map((path) => ({ entry: entryOf(path, 'dir', 0) })),
    ...Object.entries(files).map(([path, text]) => ({
      entry: entryOf(path, 'file', text.length),
      digest: digestOf(text),
    })),
  ];
  const posted = await engine.call('POST', '/naru/v1/context', [...encodeManifest(manifest)].join(''));
  const { id, lacking } = posted.body as ContextAnswer; // the engine's answer
  const contents = Object.values(files).filter((text) => lacking.includes(digestOf(text)));
  const members = contents.map((text) => ({
    entry: {
      path: digestHex(digestOf(text)),
      kind: 'file' as const,
      mode: 0o644,
      uid: 0,
      gid: 0,
      sizeBytes: text.length,
      mtimeNs: 0n,
    },
    content: [Buffer.from(text)],
  }));
  const tar = Readable.from(writeTar(members), { objectMode: false });
  const sent = await engine.call('PUT', `/naru/v1/context/${id}/files`, tar);
  assert.deepEqual((sent.body as ContextAnswer).lacking, []);
  return { id, nSent: contents.length };
}

function entryOf(path: string, kind: FileEntry['kind'], sizeBytes: number): FileEntry {
  return { path, kind, mode: kind === 'dir' ? 0o755 : 0o644, uid: 0, gid: 0, sizeBytes, mtimeNs: 0n };
}

/** A build of one Dockerfile from one synced context. */
export function requestOf(text: string, context: string, changes: Partial<BuildRequest> = {}): BuildRequest {
  return buildRequest(text, { contexts: { '': context }, ...changes });
}

/** `line state` of each step that ended. */
export function statesOf(events: readonly BuildEvent[]): readonly string[] {
  return events.flatMap((event) => (event.type === 'step' ? [`${event.line} ${event.state}`] : []));
}
