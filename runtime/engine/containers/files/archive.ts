/** `docker cp`: `/containers/{id}/archive`, reading and asking what is there. */

import { lstatSync, readlinkSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Readable } from 'node:stream';

import { isErrorKind, NaruError } from '../../../../core/errors.ts';
import { isGone } from '../../../../local/error-code.ts';
import { writeTar } from '../../../../local/tar/writer.ts';
import { resolveDirectoryInRoot } from '../../../host/resolve-in-root.ts';
import type { ContainerEntry } from '../container-entry.ts';
import { publishContainer } from '../container-events.ts';
import type { ContainerParts } from '../parts.ts';
import type { ArchiveResult, PathStat } from '../requests.ts';
import { clean } from '../create/mount-requests.ts';
import { openContainerPath, withContainerPath, type ContainerPath } from './container-root.ts';
import { isRuntimeView } from './runtime-views.ts';
import { join, treeMembers } from './tree-members.ts';

/** @throws not-found in Docker's words */
export async function archiveStat(
  parts: ContainerParts,
  entry: ContainerEntry,
  path: string,
): Promise<PathStat> {
  return withContainerPath(parts, entry, path, async (place) => {
    const found = find(place, entry, path);
    try {
      return describe(found, path);
    } finally {
      found.close();
    }
  });
}

/** The archive's names begin with the last part of the path, `.` for a path that ends so. */
export async function archiveGet(
  parts: ContainerParts,
  entry: ContainerEntry,
  path: string,
): Promise<ArchiveResult> {
  const held = await openContainerPath(parts, entry, path);
  try {
    const found = find(held.place, entry, path);
    const stat = describe(found, path);
    const close = async (): Promise<void> => {
      found.close();
      await held.close();
    };
    publishContainer(parts.events, entry, 'archive-path', { path });
    return { stat, tar: Readable.from(archiveOf(found, nameOf(path), close), { objectMode: false }) };
  } catch (error) {
    await held.close();
    throw error;
  }
}

async function* archiveOf(
  found: FoundPath,
  name: string,
  close: () => Promise<void>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* writeTar(treeMembers(found.at, name));
  } finally {
    await close();
  }
}

/** Where a file of a container can be reached; its directory is held open until `close`. */
export interface FoundPath {
  readonly at: string | Buffer;
  close(): void;
}

/** A path that ends in `/` or `/.` names the directory a link points to, otherwise the link itself. */
export function find(place: ContainerPath, entry: ContainerEntry, shown: string): FoundPath {
  try {
    if (/\/\.?$/.test(place.path)) {
      const directory = resolveDirectoryInRoot(place.root, place.path, 'in-root');
      return { at: `${directory.path}/.`, close: () => directory.close() };
    }
    const parent = resolveDirectoryInRoot(place.root, dirname(place.path), 'in-root');
    const at = join(parent.path, basename(place.path));
    const isHidden = !place.isMounted && isRuntimeView(parent.path, place.root.path);
    if (!isHidden && lstatSync(at, { throwIfNoEntry: false }) !== undefined)
      return { at, close: () => parent.close() };
    parent.close();
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const message = `Could not find the file ${shown} in container ${entry.record.name}`;
  throw new NaruError('not-found', 'E_NO_SUCH_PATH', message);
}

/** ENOENT and its relatives, and paths that leave the root. */
export function isMissing(error: unknown): boolean {
  return isErrorKind(error, 'invalid-argument') || isGone(error);
}

function describe(found: FoundPath, path: string): PathStat {
  const stat = lstatSync(found.at);
  return {
    name: nameOf(path),
    sizeBytes: stat.size,
    mode: stat.mode,
    modifiedAt: stat.mtime,
    linkTarget: stat.isSymbolicLink() ? targetInside(readlinkSync(found.at, 'utf8'), path) : '',
  };
}

/** Docker: the absolute path in the container that the link leads to. */
function targetInside(target: string, path: string): string {
  return target.startsWith('/') ? clean(target) : clean(`${dirname(clean(path))}/${target}`);
}

function nameOf(path: string): string {
  if (path.endsWith('/.')) return '.';
  const name = basename(clean(path));
  return name === '' ? '/' : name;
}
