/**
 * A build context as one tar, for engines without Naru's sync (`POST /build` of Docker and Podman).
 * Everything is sent each time; owners are 0:0, sockets are left out, as docker's client does it.
 */

import type { FileEntry } from '../../../core/context/file-tree.ts';
import type { TarEntry } from '../../../core/tar/entry.ts';
import { type NewTarMember, writeTar } from '../../../local/tar/writer.ts';
import type { ContextSource } from './context-source.ts';

export interface ContextTarOptions {
  /** Text of the Dockerfile: it goes along as DOCKERFILE_NAME, even when it lies elsewhere or is ignored. */
  readonly dockerfile: string;
  readonly signal?: AbortSignal;
}

/** Name of the Dockerfile in the archive; no context has a file of this name but by intent. */
export const DOCKERFILE_NAME = '.naru.Dockerfile';

/**
 * The archive's bytes.
 * `.dockerignore` stays out: the patterns are applied here, and an engine that found the file would apply it again.
 *
 * @throws NaruError "internal" E_TAR_CONTENT when a file shrinks while it is read
 */
export async function* contextTar(
  source: ContextSource,
  options: ContextTarOptions,
): AsyncGenerator<Uint8Array, void, void> {
  yield* writeTar(contextMembers(source, options));
}

async function* contextMembers(
  source: ContextSource,
  { dockerfile, signal }: ContextTarOptions,
): AsyncGenerator<NewTarMember, void, void> {
  const text = Buffer.from(dockerfile);
  const shared = { uid: 0, gid: 0, mtimeNs: 0n } as const;
  const name = { path: DOCKERFILE_NAME, kind: 'file', mode: 0o644, sizeBytes: text.length } as const;
  yield { entry: { ...shared, ...name }, content: [text] };
  /** By inode, where the first of its names stands. */
  const sent = new Map<string | undefined, string>();
  const entries = await source.tree.walk('', signal === undefined ? {} : { signal });
  for (const entry of entries) {
    signal?.throwIfAborted();
    if (entry.path === '' || entry.path === '.dockerignore' || entry.path === DOCKERFILE_NAME) continue;
    const twin = sent.get(entry.inode);
    if (twin !== undefined) {
      yield { entry: { ...tarEntry(entry, 'hardlink', 0), linkTarget: twin } };
      continue;
    }
    const member = await memberOf(source, entry);
    if (member === undefined) continue;
    yield member;
    if (entry.inode !== undefined) sent.set(entry.inode, entry.path);
  }
}

/** Undefined for sockets and for files that vanished. */
async function memberOf(source: ContextSource, entry: FileEntry): Promise<NewTarMember | undefined> {
  if (entry.kind === 'socket') return undefined;
  if (entry.kind !== 'file') return { entry: tarEntry(entry, entry.kind, 0) };
  const content = await source.open(entry.path);
  if (content === undefined) return undefined;
  return { entry: tarEntry(entry, 'file', content.sizeBytes), content: content.chunks };
}

function tarEntry(entry: FileEntry, kind: TarEntry['kind'], sizeBytes: number): TarEntry {
  return {
    path: entry.path,
    kind,
    mode: entry.mode,
    uid: 0,
    gid: 0,
    sizeBytes,
    mtimeNs: entry.mtimeNs,
    ...(entry.linkTarget === undefined ? {} : { linkTarget: entry.linkTarget }),
    ...(entry.device === undefined ? {} : { device: entry.device }),
  };
}
