/**
 * The one way from an untrusted path (of an image, an archive, a request) to a file on the host: openat2(2) keeps the walk inside a root.
 * A resolved file is named by `/proc/self/fd/N[/name]`, so that nothing can be swapped between the check and the use.
 */

import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:fs';

import { NaruError } from '../../core/errors.ts';
import { errorCode } from '../../local/error-code.ts';
import { type SystemPath } from './libc.ts';
import { O, openat2, RESOLVE } from './syscalls.ts';

/** An open directory or file; `path` names it for any system call as long as it is not closed. */
export interface ResolvedPath {
  readonly fd: number;
  readonly path: string;
  close(): void;
}

/**
 * How symbolic links on the way are taken.
 * - `in-root`: as after chroot(2); absolute links and `..` start or stop at the root. For paths users name in containers.
 * - `beneath`: a link that is absolute or climbs out is refused. For archives.
 */
export type LinkRule = 'in-root' | 'beneath';

/** Opens a root directory given by the engine itself (trusted, links followed). */
export function openRoot(directory: string): ResolvedPath {
  return resolved(openSync(directory, O.PATH | constants.O_DIRECTORY));
}

/**
 * Resolves `path` inside `root`, following a final symbolic link under the same rule. Leading slashes mean the root.
 * The descriptor is O_PATH: open `path` (through /proc) to read or write.
 *
 * @throws NaruError "invalid-argument" E_PATH_ESCAPE when the path leaves the root; the system call's error (ENOENT, ENOTDIR, ELOOP …) otherwise
 */
export function resolveInRoot(root: ResolvedPath, path: SystemPath, rule: LinkRule): ResolvedPath {
  return open(root, path, O.PATH, rule);
}

/** As `resolveInRoot`, but a final symbolic link is itself the answer. */
export function resolveLinkInRoot(root: ResolvedPath, path: SystemPath, rule: LinkRule): ResolvedPath {
  return open(root, path, O.PATH | constants.O_NOFOLLOW, rule);
}

/** As `resolveInRoot`, and it must be a directory (ENOTDIR otherwise). */
export function resolveDirectoryInRoot(root: ResolvedPath, path: SystemPath, rule: LinkRule): ResolvedPath {
  return open(root, path, O.PATH | constants.O_DIRECTORY, rule);
}

function open(root: ResolvedPath, path: SystemPath, flags: number, rule: LinkRule): ResolvedPath {
  const resolve = (rule === 'in-root' ? RESOLVE.IN_ROOT : RESOLVE.BENEATH) | RESOLVE.NO_MAGICLINKS;
  const relative = withoutLeadingSlashes(path);
  try {
    return resolved(openat2(root.fd, relative, flags, 0, resolve));
  } catch (error) {
    if (!isEscape(error)) throw error;
    const text = JSON.stringify(Buffer.from(path).toString());
    throw new NaruError('invalid-argument', 'E_PATH_ESCAPE', `path ${text} leaves its root`, {
      cause: error,
    });
  }
}

/** openat2(2): EXDEV is what a walk that leaves the root under RESOLVE_BENEATH gives. */
function isEscape(error: unknown): boolean {
  return errorCode(error) === 'EXDEV';
}

function withoutLeadingSlashes(path: SystemPath): SystemPath {
  if (typeof path === 'string') return path.replace(/^\/+/, '') || '.';
  const start = path.findIndex((byte) => byte !== 0x2f);
  return start < 0 ? '.' : path.subarray(start);
}

function resolved(fd: number): ResolvedPath {
  let isOpen = true;
  function close(): void {
    if (isOpen) closeSync(fd);
    isOpen = false;
  }
  return { fd, path: `/proc/self/fd/${fd}`, close };
}
