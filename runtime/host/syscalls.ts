/**
 * System calls that node:fs lacks, through koffi: the only module that imports it. Calls are synchronous; what may block belongs in a worker thread.
 * koffi's prebuilt library is looked for at $NARU_KOFFI, then beside the bundle as `koffi/linux-<arch>.node`, then in node_modules (development).
 * Numbers and layouts: man 2 pages; x86-64 and arm64 Linux only. Paths are strings (UTF-8) or bytes without a NUL.
 */

import { closeSync, existsSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants, endianness } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getSystemErrorName } from 'node:util';

import type { LibraryHandle } from 'koffi';

/** A path as text, or as bytes where it need not be UTF-8. */
export type SystemPath = string | Uint8Array;

/** Shaped like node:fs errors: `code` is the errno's name (`ENOENT`), `errno` is negative. */
export interface SystemCallError extends Error {
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;
  readonly path?: string;
}

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

/** What was written to a unix stream socket and not read by its peer yet (SIOCOUTQ): memory held for it, not exact bytes; 0 when the peer has read everything or is gone. */
export function unreadByPeer(fd: number): number {
  const amount = new Int32Array(1);
  check(libc.ioctlData(fd, SIOCOUTQ, amount), 'ioctl(SIOCOUTQ)', undefined);
  return amount[0] ?? 0;
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

/**
 * Runs `work` with this thread in the network namespace at `path`, then returns to the one it came from.
 * Sockets opened, processes started and /proc/sys/net files written meanwhile belong to that namespace. `work` must not await.
 */
export function inNetworkNamespace<T>(path: string, work: () => T): T {
  const own = openSync('/proc/thread-self/ns/net', 'r');
  const target = openSync(path, 'r');
  try {
    check(libc.setns(target, CLONE_NEWNET), 'setns', path);
    try {
      return work();
    } finally {
      // Invariant: the engine never goes on in a container's namespace.
      if (libc.setns(own, CLONE_NEWNET) < 0) process.abort();
    }
  } finally {
    closeSync(target);
    closeSync(own);
  }
}

/** A non-blocking socket bound to an IPv4 address (four bytes) and port; streams are not listening yet. The caller owns the descriptor. */
export function bindIpv4Socket(
  type: 'stream' | 'datagram',
  address: readonly [number, number, number, number],
  port: number,
): number {
  const kind = type === 'stream' ? SOCK.STREAM : SOCK.DGRAM;
  const fd = libc.socket(AF_INET, kind | SOCK.NONBLOCK | O.CLOEXEC, 0);
  check(fd, 'socket', undefined);
  // struct sockaddr_in: family (host order), port and address (network order), eight zeros.
  const name = Uint8Array.from([AF_INET, 0, port >> 8, port & 0xff, ...address, 0, 0, 0, 0, 0, 0, 0, 0]);
  if (libc.bind(fd, name, name.length) === 0) return fd;
  const error = systemCallError('bind', undefined);
  closeSync(fd);
  throw error;
}

const AT_FDCWD = -100;
const AF_INET = 2;
const CLONE_NEWNET = 0x40000000;
const SOCK = { STREAM: 1, DGRAM: 2, NONBLOCK: 0o4000 } as const;
const AT_SYMLINK_NOFOLLOW = 0x100;
const FICLONE = 0x40049409;
const SIOCOUTQ = 0x5411;
const XATTR_SIZE_MAX = 65536;

/** System call numbers: asm/unistd_64.h and asm-generic/unistd.h. */
const NR =
  process.arch === 'arm64'
    ? { mknodat: 33, renameat2: 276, openat2: 437 }
    : { mknodat: 259, renameat2: 316, openat2: 437 };

const koffi = loadKoffi();
const libc = bindLibc(koffi.load(null));

type Bytes = Uint8Array | null;
type WordArray = BigUint64Array | BigInt64Array;

interface Libc {
  readonly mount: (from: Bytes, to: Bytes, type: Bytes, flags: number, data: Bytes) => number;
  readonly umount2: (target: Bytes, flags: number) => number;
  readonly mknodat: (nr: number, dirFd: number, path: Bytes, mode: number, device: number) => number;
  readonly openat2: (nr: number, dirFd: number, path: Bytes, how: WordArray, size: number) => number;
  readonly renameat2: (nr: number, d1: number, p1: Bytes, d2: number, p2: Bytes, flags: number) => number;
  readonly lgetxattr: (path: Bytes, name: Bytes, value: Bytes, size: number) => number;
  readonly lsetxattr: (path: Bytes, name: Bytes, value: Bytes, size: number, flags: number) => number;
  readonly lremovexattr: (path: Bytes, name: Bytes) => number;
  readonly llistxattr: (path: Bytes, list: Bytes, size: number) => number;
  readonly utimensat: (dirFd: number, path: Bytes, times: WordArray, flags: number) => number;
  readonly linkat: (d1: number, p1: Bytes, d2: number, p2: Bytes, flags: number) => number;
  readonly ioctl: (fd: number, request: number, argument: number) => number;
  readonly ioctlData: (fd: number, request: number, data: Int32Array) => number;
  readonly copyFileRange: (i: number, io: null, o: number, oo: null, size: number, flags: number) => number;
  readonly syncfs: (fd: number) => number;
  readonly flock: (fd: number, operation: number) => number;
  readonly setns: (fd: number, type: number) => number;
  readonly socket: (family: number, type: number, protocol: number) => number;
  readonly bind: (fd: number, name: Bytes, size: number) => number;
}

/** Variadic functions (syscall, ioctl) are bound with fixed parameters: on both ABIs integer arguments travel the same way. */
function bindLibc(library: LibraryHandle): Libc {
  const path = 'const void *';
  const data = 'void *';
  return {
    mount: library.func('mount', 'int', [path, path, path, 'unsigned long', path]),
    umount2: library.func('umount2', 'int', [path, 'int']),
    mknodat: library.func('syscall', 'long', ['long', 'int', path, 'uint', 'uint']),
    openat2: library.func('syscall', 'long', ['long', 'int', path, data, 'size_t']),
    renameat2: library.func('syscall', 'long', ['long', 'int', path, 'int', path, 'uint']),
    lgetxattr: library.func('lgetxattr', 'long', [path, path, data, 'size_t']),
    lsetxattr: library.func('lsetxattr', 'int', [path, path, path, 'size_t', 'int']),
    lremovexattr: library.func('lremovexattr', 'int', [path, path]),
    llistxattr: library.func('llistxattr', 'long', [path, data, 'size_t']),
    utimensat: library.func('utimensat', 'int', ['int', path, path, 'int']),
    linkat: library.func('linkat', 'int', ['int', path, 'int', path, 'int']),
    ioctl: library.func('ioctl', 'int', ['int', 'unsigned long', 'long']),
    ioctlData: library.func('ioctl', 'int', ['int', 'unsigned long', data]),
    copyFileRange: library.func('copy_file_range', 'long', ['int', data, 'int', data, 'size_t', 'uint']),
    syncfs: library.func('syncfs', 'int', ['int']),
    flock: library.func('flock', 'int', ['int', 'int']),
    setns: library.func('setns', 'int', ['int', 'int']),
    socket: library.func('socket', 'int', ['int', 'int', 'int']),
    bind: library.func('bind', 'int', ['int', path, 'uint']),
  };
}

interface Koffi {
  load(path: null): LibraryHandle;
  errno(): number;
}

function loadKoffi(): Koffi {
  if (process.platform !== 'linux' || endianness() !== 'LE') throw new Error('the engine runs on Linux only');
  const here = ownDirectory();
  const require = createRequire(join(here, 'loader.cjs'));
  const candidates = [process.env['NARU_KOFFI'], join(here, 'koffi', `linux-${process.arch}.node`)];
  const file = candidates.find((candidate) => candidate !== undefined && existsSync(candidate));
  return require(file ?? 'koffi') as Koffi; // the package's own d.ts declares a superset of these two functions
}

/** In a CommonJS bundle esbuild leaves `import.meta` empty; there the running script tells where the bundle is. */
function ownDirectory(): string {
  const url = import.meta.url as string | undefined; // empty in a CommonJS bundle, whatever its type says
  if (url !== undefined) return dirname(fileURLToPath(url));
  return typeof __dirname === 'string' ? __dirname : dirname(process.argv[1] ?? process.cwd());
}

function bytes(text: SystemPath): Uint8Array {
  const at = typeof text === 'string' ? text.indexOf('\0') : text.indexOf(0);
  if (at >= 0) throw Object.assign(new Error('a path holds a NUL byte'), { code: 'EINVAL' });
  return typeof text === 'string' ? Buffer.from(`${text}\0`) : Buffer.concat([text, Buffer.alloc(1)]);
}

function check(result: number, syscall: string, path: SystemPath | undefined): void {
  if (result < 0) throw systemCallError(syscall, path);
}

function lastErrorCode(): string {
  const errno = koffi.errno();
  return errno === constants.errno.EOPNOTSUPP ? 'ENOTSUP' : getSystemErrorName(-errno);
}

/** Must be called right after the failed call: errno is read here. */
function systemCallError(syscall: string, path: SystemPath | undefined): SystemCallError {
  const errno = -koffi.errno();
  const code = lastErrorCode();
  const shown = path === undefined ? undefined : Buffer.from(path).toString();
  const error = new Error(`${code}: ${syscall}${shown === undefined ? '' : ` '${shown}'`}`);
  return Object.assign(error, { code, errno, syscall, ...(shown === undefined ? {} : { path: shown }) });
}
