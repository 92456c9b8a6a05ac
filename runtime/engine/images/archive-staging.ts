/**
 * Unpacks an image archive into files the engine names itself, because its table of contents may come last.
 * Paths of the archive are only ever compared, never used as paths on the host.
 */

import { createReadStream, createWriteStream } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { NaruError } from '../../../core/errors.ts';
import { decompressed } from '../../../local/tar/decompress.ts';
import { readTar } from '../../../local/tar/reader.ts';

export interface StagedArchive {
  has(path: string): boolean;
  /** @throws NaruError "invalid-argument" E_ARCHIVE_MEMBER when it is missing or larger than `maxBytes` */
  read(path: string, maxBytes: number): Promise<Buffer>;
  /** As it is in the archive. @throws as `read` */
  stream(path: string): Readable;
}

/**
 * Reads a tar, compressed or not, to its end.
 * @param directory made when missing; the caller removes it, also after a failure
 * @throws NaruError "invalid-argument" for damaged archives, "cancelled"
 */
export async function stageArchive(
  archive: AsyncIterable<Uint8Array>,
  directory: string,
  signal: AbortSignal,
): Promise<StagedArchive> {
  await fs.mkdir(directory, { recursive: true, mode: 0o700 });
  const files = new Map<string, { readonly file: string; readonly sizeBytes: number }>();
  /** Old archives name a layer they share by a link to it. */
  const links = new Map<string, string>();
  for await (const { entry, content } of readTar(decompressed(archive), signal)) {
    const path = posix.normalize(`/${entry.path}`).slice(1);
    if (entry.kind === 'symlink')
      links.set(path, posix.join('/', posix.dirname(path), entry.linkTarget ?? '').slice(1));
    if (entry.kind === 'hardlink') links.set(path, posix.normalize(`/${entry.linkTarget ?? ''}`).slice(1));
    if (entry.kind !== 'file') continue;
    const file = join(directory, String(files.size));
    await pipeline(content, createWriteStream(file, { mode: 0o600 }), { signal });
    files.set(path, { file, sizeBytes: entry.sizeBytes });
  }

  function locate(path: string): { readonly file: string; readonly sizeBytes: number } {
    const found = files.get(path) ?? files.get(links.get(path) ?? '');
    if (found !== undefined) return found;
    throw new NaruError('invalid-argument', 'E_ARCHIVE_MEMBER', `invalid image archive: ${path} is missing`);
  }

  return {
    has: (path) => files.has(path) || files.has(links.get(path) ?? ''),
    read: async (path, maxBytes) => {
      const { file, sizeBytes } = locate(path);
      if (sizeBytes <= maxBytes) return await fs.readFile(file);
      const text = `invalid image archive: ${path} has ${sizeBytes} bytes, more than ${maxBytes}`;
      throw new NaruError('invalid-argument', 'E_ARCHIVE_MEMBER', text);
    },
    stream: (path) => createReadStream(locate(path).file, { highWaterMark: 256 * 1024 }),
  };
}
