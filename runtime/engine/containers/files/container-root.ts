/** The files of a container as it sees them, volumes and binds included, whether it runs or not. */

import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';

import { openRoot, type ResolvedPath } from '../../../host/resolve-in-root.ts';
import type { ContainerEntry } from '../container-entry.ts';
import type { ContainerParts } from '../parts.ts';
import { clean } from '../create/mount-requests.ts';
import { dropRootfs, holdRootfs } from '../run/rootfs-mount.ts';

export interface ContainerPath {
  /** The root the path is inside of. */
  readonly root: ResolvedPath;
  /** Below that root; absolute, cleaned, but with `/.` or `/` at its end when that was asked for. */
  readonly path: string;
  /** undefined, or why nothing may be written there, in Docker's words. */
  readonly readOnlyReason: string | undefined;
  /** In a volume or bind of the container. */
  readonly isMounted: boolean;
}

/**
 * Opens the root that holds `path` for as long as `work` takes.
 * A running container's root is seen through its process; a stopped one's is mounted, and a path below a mount is looked for in the mount's source.
 */
export async function withContainerPath<T>(
  parts: ContainerParts,
  entry: ContainerEntry,
  path: string,
  work: (place: ContainerPath) => Promise<T>,
): Promise<T> {
  const held = await openContainerPath(parts, entry, path);
  try {
    return await work(held.place);
  } finally {
    await held.close();
  }
}

/** As `withContainerPath`, for streams that outlive the call; `close` it. */
export async function openContainerPath(
  parts: ContainerParts,
  entry: ContainerEntry,
  path: string,
): Promise<{ readonly place: ContainerPath; close(): Promise<void> }> {
  const ending = /\/\.?$/.exec(path)?.[0] ?? '';
  const cleaned = clean(path);
  const mount = entry.record.mounts.find(
    ({ destination, type }) =>
      type !== 'tmpfs' && (cleaned === destination || cleaned.startsWith(`${destination}/`)),
  );
  const readOnlyReason = reasonFor(entry, mount?.isWritable);
  const finish = (root: ResolvedPath, inside: string): ContainerPath => ({
    root,
    path: inside === '/' ? '/' : `${inside}${ending}`,
    readOnlyReason,
    isMounted: mount !== undefined,
  });
  if (entry.isRunning) {
    const root = openRoot(`/proc/${entry.state.pid}/root`);
    return { place: finish(root, cleaned), close: () => Promise.resolve(root.close()) };
  }
  if (mount !== undefined) {
    const below = cleaned.slice(mount.destination.length);
    const isDirectory = statSync(mount.source).isDirectory();
    const root = openRoot(isDirectory ? mount.source : dirname(mount.source));
    const inside = isDirectory ? below || '/' : `/${basename(mount.source)}${below}`;
    return { place: finish(root, inside), close: () => Promise.resolve(root.close()) };
  }
  const holder = Symbol(path);
  const root = openRoot(await holdRootfs(parts, entry, holder));
  const close = async (): Promise<void> => {
    root.close();
    await dropRootfs(parts, entry, holder);
  };
  return { place: finish(root, cleaned), close };
}

function reasonFor(entry: ContainerEntry, isMountWritable: boolean | undefined): string | undefined {
  if (isMountWritable === false) return 'mounted volume is marked read-only';
  const isReadonly = isMountWritable === undefined && entry.record.host.readonlyRootfs === true;
  return isReadonly ? 'container rootfs is marked read-only' : undefined;
}
