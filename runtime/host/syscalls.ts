/**
 * System calls on files and mounts that node:fs lacks. Calls are synchronous; what may block belongs in a worker thread.
 * Numbers and layouts: man 2 pages; x86-64 and arm64 Linux only. Paths are strings (UTF-8) or bytes without a NUL.
 */

import { bytes, check, lastErrorCode, libc, type SystemPath, systemCallError } from './libc.ts';

/** Flags of mount(2). */
export const MS = {
  RDONLY: 1,
  NOSUID: 2,
  NODEV: 4,
  NOEXEC: 8,
  REMOUNT: 32,
  BIND: 4096,
  REC: 16384,
  PRIVATE: 1 << 18,
  SLAVE: 1 << 19,
  SHARED: 1 << 20,
} as const;

/** Flags of umount2(2). */
export const MNT = { FORCE: 1, DETACH: 2, NOFOLLOW: 8 } as const;

/** `resolve` flags of openat2(2). */
export const RESOLVE = { NO_XDEV: 1, NO_MAGICLINKS: 2, NO_SYMLINKS: 4, BENEATH: 8, IN_ROOT: 16 } as const;

/** Open flags that node:fs does not name. */
export const O = { PATH: 0o10000000, CLOEXEC: 0o2000000 } as const;

/** Operations of flock(2). */
export const LOCK = { SH: 1, EX: 2, NB: 4, UN: 8 } as const;

/** Flags of renameat2(2). */
export const RENAME = { NOREPLACE: 1, EXCHANGE: 2 } as const;

/** mount(2). `data` is the option string of the file system, at most one page. */
export function mount(source: string, target: string, type: string, flags: number, data: string): void {
  check(libc.mount(bytes(source), bytes(target), bytes(type), flags, bytes(data)), 'mount', target);
}

/** umount2(2). */
export function umount(target: string, flags: number): void {
  check(libc.umount2(bytes(target), flags), 'umount2', target);
}

/** umount2(2) in a thread, since the last user of a file system writes it to disk. @returns false when it failed: `umount` says why */
export function umountInThread(target: string, flags: number): Promise<boolean> {
  return new Promise((resolve) =>
    libc.umountInThread.async(target, flags, (error, result) => resolve(error === null && result === 0)),
  );
}

/** mknod(2) with a full mode (type and permission bits; the umask applies). */
export function mknod(path: SystemPath, mode: number, major: number, minor: number): void {
  // The kernel's own encoding of a device number, not libc's: mknodat(2) is called directly because glibc before 2.33 does not export mknod.
  const device = ((minor & 0xff) | ((major & 0xfff) << 8) | ((minor & ~0xff) << 12)) >>> 0;
  check(libc.mknodat(NR.mknodat, AT_FDCWD, bytes(path), mode, device), 'mknod', path);
}

/** Splits `st_rdev` as node:fs reports it. */
export function deviceNumbers(rdev: number): { readonly major: number; readonly minor: number } {
  const high = Math.floor(rdev / 2 ** 32);
  return {
    major: ((rdev >>> 8) & 0xfff) | (high & ~0xfff),
    minor: (rdev & 0xff) | ((rdev >>> 12) & 0xfff00),
  };
}

/** Value of an extended attribute of the path itself (links are not followed); undefined when it is not there or not supported. */
export function lgetxattr(path: SystemPath, name: string): Uint8Array | undefined {
  const at = bytes(path);
  const key = bytes(name);
  for (let capacity = 256; ; capacity *= 16) {
    const buffer = new Uint8Array(capacity);
    const size = libc.lgetxattr(at, key, buffer, capacity);
    if (size >= 0) return buffer.slice(0, size);
    const code = lastErrorCode();
    if (code === 'ENODATA' || code === 'ENOTSUP') return undefined;
    if (code !== 'ERANGE' || capacity > XATTR_SIZE_MAX) throw systemCallError('lgetxattr', path);
  }
}

/** Sets an extended attribute of the path itself. */
export function lsetxattr(path: SystemPath, name: string, value: Uint8Array): void {
  check(libc.lsetxattr(bytes(path), bytes(name), value, value.length, 0), 'lsetxattr', path);
}

/** Removes an extended attribute of the path itself; absent ones are no error. */
export function lremovexattr(path: SystemPath, name: string): void {
  if (libc.lremovexattr(bytes(path), bytes(name)) < 0 && lastErrorCode() !== 'ENODATA') {
    throw systemCallError('lremovexattr', path);
  }
}

/** Names of the extended attributes of the path itself, in the kernel's order; empty where they are not supported. */
export function llistxattr(path: SystemPath): readonly string[] {
  const at = bytes(path);
  for (let capacity = 1024; ; capacity *= 16) {
    const buffer = new Uint8Array(capacity);
    const size = libc.llistxattr(at, buffer, capacity);
    if (size === 0) return [];
    if (size > 0) {
      return Buffer.from(buffer.buffer, 0, size - 1)
        .toString()
        .split('\0');
    }
    const code = lastErrorCode();
    if (code === 'ENOTSUP') return [];
    if (code !== 'ERANGE' || capacity > XATTR_SIZE_MAX) throw systemCallError('llistxattr', path);
  }
}

/** Sets the modification time (and the same access time) of the path itself, in nanoseconds since the epoch. */
export function lutimens(path: SystemPath, mtimeNs: bigint): void {
  let seconds = mtimeNs / 1_000_000_000n;
  let nanoseconds = mtimeNs % 1_000_000_000n;
  if (nanoseconds < 0n) {
    seconds -= 1n;
    nanoseconds += 1_000_000_000n;
  }
  const times = new BigInt64Array([seconds, nanoseconds, seconds, nanoseconds]);
  check(libc.utimensat(AT_FDCWD, bytes(path), times, AT_SYMLINK_NOFOLLOW), 'utimensat', path);
}

/** openat2(2): opens `path` relative to `dirFd` under the `resolve` rules; the caller closes the descriptor. `O.CLOEXEC` is added. */
export function openat2(
  dirFd: number,
  path: SystemPath,
  flags: number,
  mode: number,
  resolve: number,
): number {
  const how = new BigUint64Array([BigInt(flags | O.CLOEXEC), BigInt(mode), BigInt(resolve)]);
  for (let attempt = 0; ; attempt += 1) {
    const fd = libc.openat2(NR.openat2, dirFd, bytes(path), how, how.byteLength);
    if (fd >= 0) return fd;
    // EAGAIN: a rename elsewhere on the system raced with the walk and the kernel could not be sure; it asks to be called again.
    if (lastErrorCode() !== 'EAGAIN' || attempt === 100) throw systemCallError('openat2', path);
  }
}

/** renameat2(2) with flags from `RENAME`. */
export function renameWith(from: SystemPath, to: SystemPath, flags: number): void {
  check(libc.renameat2(NR.renameat2, AT_FDCWD, bytes(from), AT_FDCWD, bytes(to), flags), 'renameat2', to);
}

/** Hard link to the path itself, also when it is a symbolic link. */
export function linkNoFollow(existing: SystemPath, path: SystemPath): void {
  check(libc.linkat(AT_FDCWD, bytes(existing), AT_FDCWD, bytes(path), 0), 'linkat', path);
}

/** Makes `toFd` share the data of `fromFd`; false where the file system cannot (then copy). */
export function reflink(fromFd: number, toFd: number): boolean {
  if (libc.ioctl(toFd, FICLONE, fromFd) === 0) return true;
  const code = lastErrorCode();
  if (code === 'ENOTSUP' || code === 'EXDEV' || code === 'EINVAL' || code === 'ENOTTY') return false;
  throw systemCallError('ioctl(FICLONE)', undefined);
}

/** copy_file_range(2) at the descriptors' own offsets. @returns bytes copied; 0 at the end of the source */
export function copyFileRange(fromFd: number, toFd: number, sizeBytes: number): number {
  const copied = libc.copyFileRange(fromFd, null, toFd, null, sizeBytes, 0);
  check(copied, 'copy_file_range', undefined);
  return copied;
}

/** Writes the whole file system that holds `fd` to disk. May block for seconds. */
export function syncfs(fd: number): void {
  check(libc.syncfs(fd), 'syncfs', undefined);
}

/** flock(2). @returns false when `LOCK.NB` was given and another holds the lock */
export function flock(fd: number, operation: number): boolean {
  if (libc.flock(fd, operation) === 0) return true;
  if (lastErrorCode() === 'EAGAIN') return false;
  throw systemCallError('flock', undefined);
}

const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x100;
const FICLONE = 0x40049409;
const XATTR_SIZE_MAX = 65536;

/** System call numbers: asm/unistd_64.h and asm-generic/unistd.h. */
const NR =
  process.arch === 'arm64'
    ? { mknodat: 33, renameat2: 276, openat2: 437 }
    : { mknodat: 259, renameat2: 316, openat2: 437 };
