/** `docker diff`: what a container's own layer changes of its image. */

import * as fs from 'node:fs';

import { lgetxattr } from '../../../host/syscalls.ts';
import type { ContainerEntry } from '../container-entry.ts';
import { snapshotKey, type ContainerParts } from '../parts.ts';
import type { PathChange } from '../requests.ts';
import { isMountLeftover } from './leftovers.ts';

/** Directories of the host: what the container wrote, and what it stands on. */
interface Layers {
  readonly upper: string;
  readonly lowers: readonly string[];
}

/** Sorted by path; mount points the engine made are left out. */
export async function containerChanges(
  parts: ContainerParts,
  entry: ContainerEntry,
): Promise<readonly PathChange[]> {
  const layers = await parts.snapshots.layerDirectories(snapshotKey(entry.id));
  const found = changesBelow(layers, '');
  return found.changes.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

interface Found {
  readonly changes: readonly PathChange[];
  /** Something was left out: the directory's own time says nothing. */
  readonly hasLeftovers: boolean;
}

function changesBelow(layers: Layers, path: string): Found {
  const changes: PathChange[] = [];
  let hasLeftovers = false;
  for (const name of fs.readdirSync(`${layers.upper}${path}`)) {
    const child = `${path}/${name}`;
    const own = fs.lstatSync(`${layers.upper}${child}`);
    const below = statBelow(layers.lowers, child);
    if (own.isCharacterDevice() && own.rdev === 0) {
      if (below !== undefined) changes.push({ path: child, kind: 'deleted' });
      continue;
    }
    const inner = own.isDirectory() ? changesBelow(layers, child) : { changes: [], hasLeftovers: false };
    if (below === undefined) {
      const isLeftover = inner.changes.length === 0 && isMountLeftover(child, own);
      hasLeftovers ||= isLeftover || (inner.hasLeftovers && inner.changes.length === 0);
      if (isLeftover || (inner.hasLeftovers && inner.changes.length === 0)) continue;
      changes.push({ path: child, kind: 'added' }, ...inner.changes);
    } else if (!own.isDirectory() || isDirectoryChanged(own, below, inner)) {
      changes.push({ path: child, kind: 'modified' }, ...hiddenBelow(layers, child, own), ...inner.changes);
    }
  }
  return { changes, hasLeftovers };
}

/** Overlay copies a directory up as soon as something below it changes; that alone is no change of it. */
function isDirectoryChanged(own: fs.Stats, below: fs.Stats, inner: Found): boolean {
  if (inner.changes.length > 0 || !below.isDirectory()) return true;
  const isSame = own.mode === below.mode && own.uid === below.uid && own.gid === below.gid;
  return !isSame || (!inner.hasLeftovers && own.mtimeMs !== below.mtimeMs);
}

/** A directory that was removed and made again hides what the image has there. */
function hiddenBelow(layers: Layers, path: string, own: fs.Stats): readonly PathChange[] {
  if (!own.isDirectory() || !isOpaque(`${layers.upper}${path}`)) return [];
  const present = new Set(fs.readdirSync(`${layers.upper}${path}`));
  const hidden = new Set(layers.lowers.flatMap((lower) => listIfDirectory(`${lower}${path}`)));
  return [...hidden]
    .filter((name) => !present.has(name) && statBelow(layers.lowers, `${path}/${name}`) !== undefined)
    .map((name) => ({ path: `${path}/${name}`, kind: 'deleted' }));
}

/** The visible file of the lower layers; undefined where there is none or a whiteout hides it. */
function statBelow(lowers: readonly string[], path: string): fs.Stats | undefined {
  for (const lower of lowers) {
    const stats = statPlain(`${lower}${path}`);
    if (stats !== undefined) return stats.isCharacterDevice() && stats.rdev === 0 ? undefined : stats;
    if (isHidden(lower, path)) return undefined;
  }
  return undefined;
}

/** A layer hides what is below it by a whiteout or an opaque directory on the way. */
function isHidden(lower: string, path: string): boolean {
  const parts = path.split('/').slice(1, -1);
  return parts.some((_part, index) => {
    const directory = `${lower}/${parts.slice(0, index + 1).join('/')}`;
    const stats = statPlain(directory);
    return stats !== undefined && (!stats.isDirectory() || isOpaque(directory));
  });
}

function isOpaque(directory: string): boolean {
  return ['trusted', 'user'].some((namespace) => {
    const value = lgetxattr(directory, `${namespace}.overlay.opaque`);
    return value !== undefined && value[0] === 0x79;
  });
}

function statPlain(path: string): fs.Stats | undefined {
  try {
    return fs.lstatSync(path, { throwIfNoEntry: false });
  } catch {
    // ENOTDIR: a file of an upper layer stands where a lower one has a directory.
    return undefined;
  }
}

function listIfDirectory(path: string): readonly string[] {
  return statPlain(path)?.isDirectory() === true ? fs.readdirSync(path) : [];
}
