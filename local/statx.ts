/**
 * statx(2) through koffi, relative to an open directory: a look at a file without Node's object around it.
 * Linux on little-endian machines that koffi has a library for, beside the bundle as `koffi/linux-<arch>.node`, else in node_modules.
 * Not in Electron: an editor need not be that fast, and must not depend on a native library.
 */

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * Looks at `name` in the directory `fd` and writes 16 u32 into `words` from `at` on (see stat-rows.ts).
 * False when that failed, for whatever reason; no symlink is followed.
 */
export type Statx = (fd: number, name: string, words: Uint32Array, at: number) => boolean;

/** Undefined where there is none; asked once. */
export function openStatx(): Statx | undefined {
  opened ??= { statx: bind() };
  return opened.statx;
}

let opened: { readonly statx: Statx | undefined } | undefined;

/** linux/fcntl.h and linux/stat.h. */
const AT_SYMLINK_NOFOLLOW = 0x100;
const STATX_BASIC_STATS = 0x7ff;
/** Of struct statx, in u32: where each number is. */
const AT = {
  mask: 0,
  nlink: 4,
  uid: 5,
  gid: 6,
  mode: 7,
  ino: 8,
  size: 10,
  ctime: 24,
  mtime: 28,
  rdev: 32,
  dev: 34,
};
const STRUCT_WORDS = 64;
const S_IFMT = 0o170000;
const DEVICES: ReadonlySet<number> = new Set([0o020000, 0o060000]);

type Call = (fd: number, name: string, flags: number, mask: number, into: Uint32Array) => number;

interface Koffi {
  load(path: null): { func(name: string, result: string, parameters: readonly string[]): unknown };
}

function bind(): Statx | undefined {
  if (process.platform !== 'linux' || 'electron' in process.versions) return undefined;
  const call = load();
  if (call === undefined) return undefined;
  const out = new Uint32Array(STRUCT_WORDS);
  return (fd, name, words, at) => {
    if (call(fd, name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, out) !== 0) return false;
    const word = (index: number): number => out[index] ?? 0;
    if ((word(AT.mask) & STATX_BASIC_STATS) !== STATX_BASIC_STATS) return false;
    const mode = word(AT.mode) & 0xffff;
    words[at] = mode;
    words[at + 1] = word(AT.uid);
    words[at + 2] = word(AT.gid);
    words[at + 3] = word(AT.mtime + 2);
    words[at + 4] = word(AT.ctime + 2);
    words[at + 5] = word(AT.nlink);
    writeDevice(words, at + 6, word(AT.dev), word(AT.dev + 1));
    words[at + 8] = word(AT.ino);
    words[at + 9] = word(AT.ino + 1);
    if (DEVICES.has(mode & S_IFMT)) {
      writeDevice(words, at + 10, word(AT.rdev), word(AT.rdev + 1));
    } else {
      words[at + 10] = word(AT.size);
      words[at + 11] = word(AT.size + 1);
    }
    words[at + 12] = word(AT.mtime);
    words[at + 13] = word(AT.mtime + 1);
    words[at + 14] = word(AT.ctime);
    words[at + 15] = word(AT.ctime + 1);
    return true;
  };
}

/** Linux's encoding of dev_t in 64 bits, as lstat has it. */
function writeDevice(words: Uint32Array, at: number, major: number, minor: number): void {
  words[at] = ((major & 0xfff) << 8) | (minor & 0xff) | ((minor & 0xfff00) << 12);
  words[at + 1] = (major & 0xfffff000) | (minor >>> 20);
}

/** Undefined where the library is missing, made for another libc, or not let in. */
function load(): Call | undefined {
  try {
    const require = createRequire(join(import.meta.dirname, 'loader.cjs'));
    const beside = join(import.meta.dirname, 'koffi', `linux-${process.arch}.node`);
    const koffi = require(existsSync(beside) ? beside : 'koffi') as Koffi; // a part of what its d.ts declares
    const parameters = ['int', 'str', 'int', 'uint', 'void *'];
    return koffi.load(null).func('statx', 'int', parameters) as Call;
  } catch {
    return undefined;
  }
}
