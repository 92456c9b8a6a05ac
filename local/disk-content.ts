/** Contents of files below a directory as streams. Symlinks are not followed, neither last nor on the way. */

import { constants } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { join } from 'node:path';

import { parentPath } from '../core/context/paths.ts';

export interface OpenContent {
  /** When it was opened; exactly as many bytes are read. */
  readonly sizeBytes: number;
  /** Once. Closes the file at its end or when left early. A file that shrank gives fewer bytes. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** For a content that is not read after all. */
  close(): Promise<void>;
}

const CHUNK_BYTES = 256 * 1024;

/** Undefined when there is no regular file at `path` any more, or it cannot be read. `root` is a real path. */
export async function openContent(root: string, path: string): Promise<OpenContent | undefined> {
  if (!(await isBelowDirectories(root, parentPath(path)))) return undefined;
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const handle = await open(join(root, path), flags).catch(() => undefined);
  if (handle === undefined) return undefined;
  const stats = await handle.stat();
  if (!stats.isFile()) {
    await handle.close();
    return undefined;
  }
  return { sizeBytes: stats.size, chunks: readChunks(handle, stats.size), close: () => handle.close() };
}

async function* readChunks(handle: FileHandle, sizeBytes: number): AsyncGenerator<Uint8Array, void, void> {
  try {
    let nLeft = sizeBytes;
    while (nLeft > 0) {
      const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, nLeft));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, sizeBytes - nLeft);
      if (bytesRead === 0) return;
      nLeft -= bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

async function isBelowDirectories(root: string, directory: string): Promise<boolean> {
  if (directory === '') return true;
  if (!(await isBelowDirectories(root, parentPath(directory)))) return false;
  const stats = await lstat(join(root, directory)).catch(() => undefined);
  return stats?.isDirectory() === true;
}
