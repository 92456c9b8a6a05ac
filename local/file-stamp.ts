/**
 * What tells one state of a file from another without reading it, and where that can be trusted.
 * ctime cannot be set by `touch -r` or `rsync -t`, so a stamp with it sees edits that keep size and mtime.
 */

import { type BigIntStats, statfsSync } from 'node:fs';

export interface FileStamp {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/** "weak": no inode numbers or change times worth the name; size and mtime are all there is. */
export type StampStrength = 'strong' | 'weak';

export function stampOf(stats: BigIntStats): FileStamp {
  const { dev, ino, size, mtimeNs, ctimeNs } = stats;
  return { dev, ino, size, mtimeNs, ctimeNs };
}

export function isSameStamp(left: FileStamp, right: FileStamp): boolean {
  return (
    left.ino === right.ino &&
    left.dev === right.dev &&
    left.size === right.size &&
    left.mtimeNs === right.mtimeNs &&
    left.ctimeNs === right.ctimeNs
  );
}

/** Timestamps may be this coarse, so a younger change can hide behind an equal stamp ("racily clean" in git). */
const RACY_NS = 2_000_000_000n;

/** True when the file may change once more without its stamp changing. Times in the future count as recent. */
export function isRacy(stamp: FileStamp, readAtNs: bigint): boolean {
  const changedNs = stamp.mtimeNs > stamp.ctimeNs ? stamp.mtimeNs : stamp.ctimeNs;
  return changedNs + RACY_NS > readAtNs;
}

/** Linux's f_type of file systems whose ctime or inode numbers are made up: FAT, exFAT, FUSE (NTFS, sshfs …), SMB, 9p (WSL), VirtualBox. */
const WEAK_FILE_SYSTEMS: ReadonlySet<number> = new Set([
  0x4d44, 0x2011bab0, 0x65735546, 0xff534d42, 0xfe534d42, 0x517b, 0x01021997, 0x786f4256,
]);

/** Of the file system that holds `directory`; Windows is weak as a whole. */
export function stampStrength(directory: string, platform: NodeJS.Platform): StampStrength {
  if (platform === 'win32') return 'weak';
  if (platform !== 'linux') return 'strong';
  return WEAK_FILE_SYSTEMS.has(statfsSync(directory).type >>> 0) ? 'weak' : 'strong';
}
