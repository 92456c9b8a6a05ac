/**
 * Brings a build context to Naru's engine: the manifest, then only the contents the engine lacks (core/protocol/context-sync.ts).
 * A context that was sent in the same state before is asked for by its id; an engine on this machine may have looked at that state for us.
 * Files that change meanwhile are noticed by their digests, and the transfer is done again with what they are now.
 */

import { createHash, type Hash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';

import type { FileEntry, ReadProgress } from '../../../core/context/file-tree.ts';
import { isErrorKind, NaruError } from '../../../core/errors.ts';
import { type Digest, digestHex } from '../../../core/oci/digest.ts';
import type { SeenDirectory } from '../../../core/protocol/context-look.ts';
import {
  CONTEXT_PATH,
  type ContextAnswer,
  contextFilesPath,
  contextPath,
  decodeContextAnswer,
  encodeManifest,
  FILES_TYPE,
  MANIFEST_TYPE,
  type ManifestEntry,
} from '../../../core/protocol/context-sync.ts';
import { type NewTarMember, writeTar } from '../../../local/tar/writer.ts';
import type { EngineConnection } from '../engine/connection.ts';
import { demandNaru } from '../engine/naru.ts';
import { lookAtContext, type LookOptions } from './context-look.ts';
import type { ContextSession } from './context-session.ts';
import type { ContextSource } from './context-source.ts';

export type SyncProgress =
  | { readonly kind: 'looking'; readonly nEntries: number }
  | ({ readonly kind: 'reading' } & ReadProgress)
  | {
      readonly kind: 'sending';
      readonly sentBytes: number;
      readonly totalBytes: number;
      readonly nFiles: number;
    };

/** `listEntries`: what to send, for example what a plan reads (`recordingTree`). */
export interface SyncOptions extends Pick<LookOptions, 'listEntries' | 'signal'> {
  /** Keeps the context until the build begins; absent: the engine waits some minutes for us. */
  readonly session?: ContextSession;
  /** gzip on the way: worth it over a network, not over a local socket. */
  readonly isCompressed?: boolean;
  readonly onProgress?: (progress: SyncProgress) => void;
}

export interface SyncedContext {
  /** For `BuildRequest.contexts`. */
  readonly id: string;
  readonly nEntries: number;
  /** Of the contents that had to be sent. */
  readonly sentBytes: number;
}

const MAX_ATTEMPTS = 4;

/** @throws NaruError "conflict" when files keep changing, "unimplemented" for an engine that is not Naru's */
export async function syncContext(
  engine: EngineConnection,
  source: ContextSource,
  options: SyncOptions = {},
): Promise<SyncedContext> {
  demandNaru(engine, 'context sync');
  const seen = options.listEntries === undefined ? await usefulLook(source) : undefined;
  const seenId = seen === undefined ? undefined : source.known?.find(seen.fingerprint);
  if (seen !== undefined && seenId !== undefined && (await isComplete(engine, seenId, options)))
    return { id: seenId, nEntries: seen.nEntries, sentBytes: 0 };
  let sentBytes = 0;
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const look = await lookAtContext(source, lookOptions(options));
    const { knownId } = look;
    if (knownId !== undefined && (await isComplete(engine, knownId, options)))
      return { id: knownId, nEntries: look.nEntries, sentBytes };
    const entries = await look.manifest();
    const { answer, id } = await sendManifest(engine, entries, options);
    await look.learn(id);
    const nEntries = entries.length;
    if (answer.lacking.length === 0) return { id: answer.id, nEntries, sentBytes };
    const sent = await sendFiles(engine, source, entries, answer, options);
    sentBytes += sent.sentBytes;
    if (sent.lacking.length === 0) return { id: answer.id, nEntries, sentBytes };
  }
  throw new NaruError(
    'conflict',
    'E_CONTEXT_CHANGING',
    'files of the build context keep changing while they are sent',
    {
      hint: 'stop what writes to them, or leave them out with .dockerignore',
    },
  );
}

function lookOptions({ onProgress, ...options }: SyncOptions): LookOptions {
  if (onProgress === undefined) return options;
  return {
    ...options,
    onLookProgress: (nEntries) => onProgress({ kind: 'looking', nEntries }),
    onReadProgress: (progress) => onProgress({ kind: 'reading', ...progress }),
  };
}

/** What an engine saw; not waited for where no state of the directory is known, and any answer would be of no use. */
async function usefulLook({ known, seen }: ContextSource): Promise<SeenDirectory | undefined> {
  return known === undefined || known.isEmpty() ? undefined : await seen;
}

/** False also for a context the engine does not know, and for an engine too old to be asked. */
async function isComplete(engine: EngineConnection, id: string, options: SyncOptions): Promise<boolean> {
  const headers = await options.session?.headers;
  const call = {
    method: 'GET',
    path: contextPath(id),
    ...(headers === undefined ? {} : { headers }),
    ...signalOf(options),
  } as const;
  try {
    return (await engine.json(call, decodeContextAnswer)).lacking.length === 0;
  } catch (error) {
    if (isErrorKind(error, 'not-found') || isErrorKind(error, 'unimplemented')) return false;
    throw error;
  }
}

/** `id`: as we count it, so that no engine can make us take one context for another. */
async function sendManifest(
  engine: EngineConnection,
  entries: readonly ManifestEntry[],
  options: SyncOptions,
): Promise<{ readonly answer: ContextAnswer; readonly id: string }> {
  const hash = createHash('sha256');
  const call = {
    method: 'POST',
    path: CONTEXT_PATH,
    ...(await encoded(hashed(manifestBytes(entries), hash), MANIFEST_TYPE, options)),
  } as const;
  const answer = await engine.json(call, decodeContextAnswer);
  return { answer, id: hash.digest('hex') };
}

function* hashed(bytes: Iterable<Uint8Array>, hash: Hash): Generator<Uint8Array, void, void> {
  for (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
}

async function sendFiles(
  engine: EngineConnection,
  source: ContextSource,
  entries: readonly ManifestEntry[],
  { id, lacking }: ContextAnswer,
  options: SyncOptions,
): Promise<{ readonly lacking: readonly Digest[]; readonly sentBytes: number }> {
  const wanted = new Set(lacking);
  const files = new Map<Digest, FileEntry>();
  for (const { entry, digest } of entries)
    if (digest !== undefined && wanted.has(digest)) files.set(digest, entry);
  const totalBytes = Array.from(files.values()).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let sentBytes = 0;
  const onSent = (nBytes: number): void => {
    sentBytes += nBytes;
    options.onProgress?.({ kind: 'sending', sentBytes, totalBytes, nFiles: files.size });
  };
  const archive = writeTar(fileMembers(source, files, onSent));
  const call = {
    method: 'PUT',
    path: contextFilesPath(id),
    ...(await encoded(archive, FILES_TYPE, options)),
  } as const;
  const answer = await engine.json(call, decodeContextAnswer);
  return { lacking: answer.lacking, sentBytes };
}

/** A file that no longer has its size is left out: the engine will say that it is still lacking. */
async function* fileMembers(
  source: ContextSource,
  files: ReadonlyMap<Digest, FileEntry>,
  onSent: (nBytes: number) => void,
): AsyncGenerator<NewTarMember, void, void> {
  for (const [digest, { path, sizeBytes }] of files) {
    const content = await source.open(path);
    if (content === undefined) continue;
    if (content.sizeBytes !== sizeBytes) {
      await content.close();
      continue;
    }
    const name = { path: digestHex(digest), kind: 'file', mode: 0o600, uid: 0, gid: 0, mtimeNs: 0n } as const;
    yield { entry: { ...name, sizeBytes }, content: counted(padded(content.chunks, sizeBytes), onSent) };
  }
}

/** A file that shrank while it is read gets zeros: the archive stays whole, and the digest tells. */
async function* padded(
  chunks: AsyncIterable<Uint8Array>,
  sizeBytes: number,
): AsyncGenerator<Uint8Array, void, void> {
  let nLeft = sizeBytes;
  for await (const chunk of chunks) {
    nLeft -= chunk.length;
    yield chunk;
  }
  for (; nLeft > 0; nLeft -= Math.min(nLeft, ZEROS.length))
    yield ZEROS.subarray(0, Math.min(nLeft, ZEROS.length));
}

const ZEROS = new Uint8Array(65_536);

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  onSent: (nBytes: number) => void,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of chunks) {
    yield chunk;
    onSent(chunk.length);
  }
}

/** Some 64 KiB at a time. */
function* manifestBytes(entries: readonly ManifestEntry[]): Generator<Uint8Array, void, void> {
  let text = '';
  for (const line of encodeManifest(entries)) {
    text += line;
    if (text.length < 65_536) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(text);
}

async function encoded(
  bytes: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  type: string,
  options: SyncOptions,
): Promise<{
  readonly stream: AsyncIterable<Uint8Array>;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}> {
  const plain = Readable.from(bytes, { objectMode: false });
  const signal = signalOf(options);
  const headers = { 'content-type': type, ...(await options.session?.headers) };
  if (!options.isCompressed) return { stream: plain, headers, ...signal };
  const { createGzip } = await import('node:zlib');
  const packed = createGzip({ level: 1 });
  // Whoever reads `packed` sees the errors of both.
  pipeline(plain, packed, () => undefined);
  return { stream: packed, headers: { ...headers, 'content-encoding': 'gzip' }, ...signal };
}

function signalOf({ signal }: SyncOptions): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
