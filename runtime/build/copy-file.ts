/** Copies the bytes of one file into a new one: by reference where the file system can, else in the kernel where it may, else through a buffer. */

import * as fs from 'node:fs';

import { errorCode } from '../../local/error-code.ts';
import { copyFileRange, reflink } from '../host/syscalls.ts';

const BUFFER_BYTES = 1024 * 1024;

/** Finds out at the first file what the file systems can do; one per copy. */
export class FileCopier {
  #canShare = true;
  #canCopyInKernel = true;
  /** One for all files: garbage of that size would outgrow the engine before it is collected. */
  #buffer: Buffer | undefined;

  /** Makes `to`, with the mode less the umask. @throws the system call's error, EEXIST when it is there */
  copy(
    from: string | Buffer,
    to: string | Buffer,
    file: { readonly mode: number; readonly sizeBytes: number },
  ): void {
    const source = fs.openSync(from, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW);
    try {
      const target = fs.openSync(to, 'wx', file.mode);
      try {
        if (file.sizeBytes > 0) this.#copyBytes(source, target, file.sizeBytes);
      } finally {
        fs.closeSync(target);
      }
    } finally {
      fs.closeSync(source);
    }
  }

  #copyBytes(source: number, target: number, sizeBytes: number): void {
    if (this.#canShare) this.#canShare = reflink(source, target);
    if (this.#canShare) return;
    if (this.#canCopyInKernel) this.#canCopyInKernel = copyInKernel(source, target, sizeBytes);
    if (!this.#canCopyInKernel)
      copyThrough((this.#buffer ??= Buffer.allocUnsafe(BUFFER_BYTES)), source, target);
  }
}

/** False, with nothing copied, where the kernel refuses: between two overlay mounts (EXDEV), for instance. */
function copyInKernel(source: number, target: number, sizeBytes: number): boolean {
  let left = sizeBytes;
  try {
    while (left > 0) {
      const copied = copyFileRange(source, target, left);
      if (copied === 0) return true;
      left -= copied;
    }
    return true;
  } catch (error) {
    if (left === sizeBytes && ['EXDEV', 'EINVAL'].includes(errorCode(error))) return false;
    throw error;
  }
}

function copyThrough(buffer: Buffer, source: number, target: number): void {
  for (let nRead = fs.readSync(source, buffer); nRead > 0; nRead = fs.readSync(source, buffer)) {
    for (let at = 0; at < nRead; ) at += fs.writeSync(target, buffer, at, nRead - at);
  }
}
