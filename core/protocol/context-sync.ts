/**
 * How a build context reaches an engine: first a manifest of what is in it, then only the files whose content the engine lacks.
 *
 * 1. `POST /naru/v1/context` with the manifest as `application/x-ndjson` (`encodeManifest`), gzip allowed.
 *    Answer: the context's id and the digests the engine lacks. Sending the same manifest again continues an interrupted transfer.
 * 2. `PUT /naru/v1/context/{id}/files` with a tar of the lacking contents, each named by the hex of its digest, gzip allowed.
 *    The engine hashes what it receives and keeps what fits its name. Answer: what is still lacking.
 * 3. A build names the id. What no running build uses may be pruned.
 *
 * A client that knows the id from an earlier build and sees that nothing changed asks with `GET /naru/v1/context/{id}` instead of 1:
 * the same answer, or 404 when the manifest has to be sent.
 *
 * Before all that a client opens a session, a name that nobody can guess: `POST /naru/v1/context/sessions/{session}`, whose answer begins at once and does not end.
 * The other requests name it in the header `naru-context-session`. What they ask about is not pruned until the client ends that request, or is gone:
 * that is after its build has begun. A client without a session is awaited for ten minutes instead.
 *
 * Invariant: the engine trusts only bytes it hashed itself.
 */

import type { FileEntry, FileKind } from '../context/file-tree.ts';
import { NaruError } from '../errors.ts';
import type { Digest } from '../oci/digest.ts';
import { type Decoder, decodeJson, digest, list, oneOf, shape, text, whole, wrongMessage } from './decode.ts';

export const CONTEXT_PATH = '/naru/v1/context';

/** What an engine knows of a context. */
export function contextPath(id: string): string {
  return `${CONTEXT_PATH}/${encodeURIComponent(id)}`;
}

/** Where the files of a context go. */
export function contextFilesPath(id: string): string {
  return `${contextPath(id)}/files`;
}

/** Where a client says that it is there. */
export function contextSessionPath(session: string): string {
  return `${CONTEXT_PATH}/sessions/${encodeURIComponent(session)}`;
}

export const CONTEXT_SESSION_HEADER = 'naru-context-session';

/** @throws NaruError "invalid-argument" for a name that could be guessed: a session is a random UUID */
export function checkContextSession(session: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(session)) return session;
  throw new NaruError(
    'invalid-argument',
    'E_CONTEXT_SESSION',
    'the name of a context session is a random UUID',
  );
}

export const MANIFEST_TYPE = 'application/x-ndjson';
export const FILES_TYPE = 'application/x-tar';
export const MANIFEST_VERSION = 1;

export interface ManifestEntry {
  readonly entry: FileEntry;
  /** Regular files only, and all of them. */
  readonly digest?: Digest;
}

export interface ContextAnswer {
  /** Digest of the manifest's bytes. */
  readonly id: string;
  readonly lacking: readonly Digest[];
}

export const decodeContextAnswer: Decoder<ContextAnswer> = shape<ContextAnswer>(
  { id: text, lacking: list(digest) },
  {},
);

interface ManifestLine {
  readonly path: string;
  readonly kind: FileKind;
  readonly mode: number;
  /** Decimal nanoseconds. */
  readonly mtime: string;
  readonly size?: number;
  readonly digest?: Digest;
  readonly link?: string;
  /** Of hard links: the same number for names of the same file. */
  readonly file?: number;
  readonly device?: readonly number[];
}

const decodeHeader = shape<{ readonly naruContext: number }>({ naruContext: whole }, {});

const decodeLine: Decoder<ManifestLine> = shape<ManifestLine>(
  {
    path: text,
    kind: oneOf('file', 'dir', 'symlink', 'fifo', 'socket', 'char-device', 'block-device'),
    mode: whole,
    mtime: text,
  },
  { size: whole, digest, link: text, file: whole, device: list(whole) },
);

/** One line per entry after a header line, each with its newline. Owners are not sent: a client's files belong to 0:0. */
export function* encodeManifest(entries: readonly ManifestEntry[]): Generator<string, void, void> {
  yield `${JSON.stringify({ naruContext: MANIFEST_VERSION })}\n`;
  const files = numberedFiles(entries);
  for (const { entry, digest: content } of entries) {
    const file = files.get(entry.inode);
    const line: ManifestLine = {
      path: entry.path,
      kind: entry.kind,
      mode: entry.mode,
      mtime: entry.mtimeNs.toString(),
      ...(entry.kind === 'file' ? { size: entry.sizeBytes } : {}),
      ...(content === undefined ? {} : { digest: content }),
      ...(entry.linkTarget === undefined ? {} : { link: entry.linkTarget }),
      ...(file === undefined ? {} : { file }),
      ...(entry.device === undefined ? {} : { device: [entry.device.major, entry.device.minor] }),
    };
    yield `${JSON.stringify(line)}\n`;
  }
}

/** Those with several names among the entries, in file order: where the others have theirs does not count. */
function numberedFiles(entries: readonly ManifestEntry[]): ReadonlyMap<string | undefined, number> {
  const seen = new Set<string>();
  const files = new Map<string, number>();
  for (const { entry } of entries) {
    const { inode } = entry;
    if (inode === undefined) continue;
    if (seen.has(inode) && !files.has(inode)) files.set(inode, files.size + 1);
    seen.add(inode);
  }
  return files;
}

/** The first line. @throws NaruError "invalid-argument" for a version this program does not know */
export function checkManifestHeader(line: string): void {
  const { naruContext } = decodeJson(line, decodeHeader);
  if (naruContext !== MANIFEST_VERSION) throw wrongMessage('naruContext', String(MANIFEST_VERSION));
}

/** Any other line. Paths that leave the tree are refused. @throws NaruError "invalid-argument" */
export function decodeManifestLine(json: string): ManifestEntry {
  const line = decodeJson(json, decodeLine);
  if (line.path !== '' && line.path.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    throw wrongMessage('path', 'relative to the context, without . and ..');
  }
  if (line.path.includes('\0')) throw wrongMessage('path', 'without NUL');
  if (!/^-?\d{1,24}$/.test(line.mtime)) throw wrongMessage('mtime', 'decimal nanoseconds');
  if ((line.kind === 'file') !== (line.digest !== undefined))
    throw wrongMessage('digest', 'there for files alone');
  const [major, minor] = line.device ?? [];
  const entry: FileEntry = {
    path: line.path,
    kind: line.kind,
    mode: line.mode & 0o7777,
    uid: 0,
    gid: 0,
    sizeBytes: line.size ?? 0,
    mtimeNs: BigInt(line.mtime),
    ...(line.link === undefined ? {} : { linkTarget: line.link }),
    ...(line.file === undefined ? {} : { inode: String(line.file) }),
    ...(major === undefined || minor === undefined ? {} : { device: { major, minor } }),
  };
  return { entry, ...(line.digest === undefined ? {} : { digest: line.digest }) };
}
