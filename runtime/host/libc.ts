/**
 * Binds libc through koffi, for the engine; the client's one call is in local/statx.ts. What the calls are for is in the modules that make them (syscalls.ts, network-syscalls.ts).
 * koffi's prebuilt library is looked for at $NARU_KOFFI, then beside the bundle as `koffi/linux-<arch>.node`, then in node_modules (development).
 */

import { existsSync } from 'node:fs';
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

const koffi = loadKoffi();

export const libc = bindLibc(koffi.load(null));

/** With the final NUL. */
export function bytes(text: SystemPath): Uint8Array {
  const at = typeof text === 'string' ? text.indexOf('\0') : text.indexOf(0);
  if (at >= 0) throw Object.assign(new Error('a path holds a NUL byte'), { code: 'EINVAL' });
  return typeof text === 'string' ? Buffer.from(`${text}\0`) : Buffer.concat([text, Buffer.alloc(1)]);
}

/** @throws SystemCallError when `result` is negative */
export function check(result: number, syscall: string, path: SystemPath | undefined): void {
  if (result < 0) throw systemCallError(syscall, path);
}

/** The name of errno, right after a call that failed. */
export function lastErrorCode(): string {
  const errno = koffi.errno();
  return errno === constants.errno.EOPNOTSUPP ? 'ENOTSUP' : getSystemErrorName(-errno);
}

/** Must be called right after the failed call: errno is read here. */
export function systemCallError(syscall: string, path: SystemPath | undefined): SystemCallError {
  const errno = -koffi.errno();
  const code = lastErrorCode();
  const shown = path === undefined ? undefined : Buffer.from(path).toString();
  const error = new Error(`${code}: ${syscall}${shown === undefined ? '' : ` '${shown}'`}`);
  return Object.assign(error, { code, errno, syscall, ...(shown === undefined ? {} : { path: shown }) });
}

/** NULL ends it. */
export type StringArray = readonly (string | null)[];

export type Bytes = Uint8Array | null;
type WordArray = BigUint64Array | BigInt64Array;

interface Libc {
  readonly mount: (from: Bytes, to: Bytes, type: Bytes, flags: number, data: Bytes) => number;
  readonly umount2: (target: Bytes, flags: number) => number;
  readonly umountInThread: {
    async(target: string, flags: number, done: (error: unknown, result: number) => void): void;
  };
  readonly pipe2: (fds: Int32Array, flags: number) => number;
  readonly waitpid: {
    async(
      pid: number,
      status: Int32Array,
      options: number,
      done: (error: unknown, pid: number) => void,
    ): void;
  };
  readonly posixSpawn: {
    async(
      pid: Int32Array,
      path: string,
      actions: Bytes,
      attributes: Bytes,
      argv: StringArray,
      env: StringArray,
      done: (error: unknown, errno: number) => void,
    ): void;
  };
  readonly spawnActionsInit: (actions: Bytes) => number;
  readonly spawnActionsAddOpen: (
    actions: Bytes,
    fd: number,
    path: string,
    flags: number,
    mode: number,
  ) => number;
  readonly spawnActionsAddDup: (actions: Bytes, from: number, to: number) => number;
  readonly spawnActionsDestroy: (actions: Bytes) => number;
  readonly spawnAttributesInit: (attributes: Bytes) => number;
  readonly spawnAttributesSetFlags: (attributes: Bytes, flags: number) => number;
  readonly spawnAttributesSetDefaults: (attributes: Bytes, signals: Bytes) => number;
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
  readonly unshare: (flags: number) => number;
  readonly if_nametoindex: (name: Bytes) => number;
  readonly setsockopt: (fd: number, level: number, name: number, value: Int32Array, size: number) => number;
  readonly send: (fd: number, data: Bytes, size: number, flags: number) => number;
  readonly recv: (fd: number, data: Bytes, size: number, flags: number) => number;
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
    umountInThread: library.func('umount2', 'int', ['str', 'int']),
    pipe2: library.func('pipe2', 'int', [data, 'int']),
    waitpid: library.func('waitpid', 'int', ['int', data, 'int']),
    posixSpawn: library.func('posix_spawn', 'int', [
      data,
      'str',
      data,
      path,
      'const char **',
      'const char **',
    ]),
    spawnActionsInit: library.func('posix_spawn_file_actions_init', 'int', [data]),
    spawnActionsAddOpen: library.func('posix_spawn_file_actions_addopen', 'int', [
      data,
      'int',
      'str',
      'int',
      'uint',
    ]),
    spawnActionsAddDup: library.func('posix_spawn_file_actions_adddup2', 'int', [data, 'int', 'int']),
    spawnActionsDestroy: library.func('posix_spawn_file_actions_destroy', 'int', [data]),
    spawnAttributesInit: library.func('posix_spawnattr_init', 'int', [data]),
    spawnAttributesSetFlags: library.func('posix_spawnattr_setflags', 'int', [data, 'short']),
    spawnAttributesSetDefaults: library.func('posix_spawnattr_setsigdefault', 'int', [data, path]),
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
    unshare: library.func('unshare', 'int', ['int']),
    if_nametoindex: library.func('if_nametoindex', 'uint', [path]),
    setsockopt: library.func('setsockopt', 'int', ['int', 'int', 'int', path, 'uint']),
    send: library.func('send', 'long', ['int', path, 'size_t', 'int']),
    recv: library.func('recv', 'long', ['int', data, 'size_t', 'int']),
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
