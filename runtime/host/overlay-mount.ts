/**
 * Mounts overlay file systems, also with more layers than fit the one page of options that mount(2) takes, and finds mounts that are there.
 * Options as Docker's: no inode index, no metadata-only copies, no directory redirects, so that an upper directory is a layer by itself.
 */

import { readFileSync } from 'node:fs';

import { errorCode } from '../../local/error-code.ts';
import { MNT, mount, MS, umount, umountInThread } from './syscalls.ts';

export interface OverlayMount {
  /** Directory that holds all layers; lowers, upper and work are relative to it. */
  readonly base: string;
  /** Topmost first. */
  readonly lowers: readonly string[];
  /** Absent: read-only, which needs at least two lowers. */
  readonly upper?: { readonly directory: string; readonly work: string };
  readonly target: string;
  /** What is written is not brought to disk, also when a program asks for it or it is unmounted; that is left to the caller. Needs Linux 5.10, otherwise it is. */
  readonly isVolatile?: boolean;
  /** Inside a user namespace overlayfs keeps its marks in `user.*`. */
  readonly isRootless: boolean;
}

/** Options of a mount must fit one page with their final NUL. */
const MAX_OPTION_BYTES = 4095;

/**
 * Mounts it. Absolute paths where they fit; otherwise relative ones, for which the process changes its directory during the call.
 * Must run on the main thread: only there the directory can be changed.
 */
export function mountOverlay(overlay: OverlayMount): void {
  if (overlay.isVolatile === true && overlay.upper !== undefined) {
    try {
      mountWith(overlay, ['volatile']);
      return;
    } catch (error) {
      if (errorCode(error) !== 'EINVAL') throw error;
    }
  }
  mountWith(overlay, []);
}

function mountWith(overlay: OverlayMount, more: readonly string[]): void {
  const flags = overlay.upper === undefined ? MS.RDONLY : 0;
  const absolute = optionsFor(overlay, `${overlay.base}/`, more);
  // A colon or a comma in the engine's root would need escaping that kernels do differently; relative paths have none.
  if (Buffer.byteLength(absolute) <= MAX_OPTION_BYTES && !/[:,\\]/.test(overlay.base)) {
    mount('overlay', overlay.target, 'overlay', flags, absolute);
    return;
  }
  const before = process.cwd();
  process.chdir(overlay.base);
  try {
    mount('overlay', overlay.target, 'overlay', flags, optionsFor(overlay, '', more));
  } finally {
    process.chdir(before);
  }
}

/** Unmounts; a busy mount goes away when its last user does. Not mounted is no error. */
export function unmountIfMounted(target: string): void {
  for (const flags of [MNT.NOFOLLOW, MNT.NOFOLLOW | MNT.DETACH]) {
    try {
      umount(target, flags);
      return;
    } catch (error) {
      const code = errorCode(error);
      if (code === 'EINVAL' || code === 'ENOENT') return;
      if (code !== 'EBUSY') throw error;
    }
  }
}

/** As `unmountIfMounted`, but the engine goes on meanwhile. */
export async function unmountAside(target: string): Promise<void> {
  if (!(await umountInThread(target, MNT.NOFOLLOW))) unmountIfMounted(target);
}

/** Mount points at or below a directory, deepest and latest first: the order to unmount them in. */
export function mountPointsBelow(directory: string): readonly string[] {
  const points: string[] = [];
  for (const line of readFileSync('/proc/self/mountinfo', 'utf8').split('\n')) {
    // man 5 proc_pid_mountinfo: the fifth field is the mount point, with blanks as \040.
    const field = line
      .split(' ')[4]
      ?.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
    if (field === directory || field?.startsWith(`${directory}/`) === true) points.push(field);
  }
  return points.reverse();
}

function optionsFor(
  { lowers, upper, isRootless }: OverlayMount,
  prefix: string,
  more: readonly string[],
): string {
  const parts = [`lowerdir=${lowers.map((lower) => prefix + lower).join(':')}`];
  if (upper !== undefined)
    parts.push(`upperdir=${prefix}${upper.directory}`, `workdir=${prefix}${upper.work}`);
  parts.push('index=off', 'metacopy=off', 'redirect_dir=off', ...more);
  if (isRootless) parts.push('userxattr');
  return parts.join(',');
}
