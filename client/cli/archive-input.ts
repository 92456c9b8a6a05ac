/** An archive that is sent to the engine: from a file or stdin, with the bytes counted in the status line. */

import { open } from 'node:fs/promises';
import { resolve } from 'node:path';

import { NaruError } from '../../core/errors.ts';
import { isZeroBlock, parseHeader } from '../../core/tar/header.ts';
import { systemReason } from '../../local/system-reason.ts';
import { isArchiveStart, peek } from './build/stdin-archive.ts';
import type { CliIo } from './io.ts';
import { StatusLine } from './status-line.ts';
import { formatBytes } from './units.ts';

export interface ArchiveInput {
  readonly isEmpty: boolean;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** To be cleared before anything is printed. */
  readonly status: StatusLine;
}

/** '-' is stdin. Opened before anything is sent, so that a wrong name is what the user hears of. @throws NaruError "invalid-argument" */
export async function openArchive(path: string, doing: string, io: CliIo): Promise<ArchiveInput> {
  const status = new StatusLine(io);
  if (path === '-') {
    if (io.stdin.isTTY) {
      throw new NaruError(
        'invalid-argument',
        'E_ARCHIVE',
        'an archive is wanted on stdin, and that is a terminal',
        {
          hint: 'name the file, or redirect stdin from it',
        },
      );
    }
    const stdin = io.stdin as AsyncIterable<Uint8Array>; // no encoding is set on it
    const { bytes, isEmpty } = await checked(stdin, 'what comes on stdin');
    return { isEmpty, chunks: counted(bytes, 0, doing, status), status };
  }
  const file = await open(resolve(io.cwd, path)).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  const stat = await file.stat();
  if (stat.isDirectory()) {
    await file.close();
    throw unreadable(path, new Error('it is a directory'));
  }
  const stream = file.createReadStream();
  const { bytes, isEmpty } = await checked(stream, path).catch((error: unknown) => {
    stream.destroy(); // and with it the file
    throw error;
  });
  return { isEmpty, chunks: counted(bytes, stat.size, doing, status), status };
}

/** All of the stream, once its start is that of a tar or of something compressed. An empty one is a file system without files. */
async function checked(
  stream: AsyncIterable<Uint8Array>,
  name: string,
): Promise<{ readonly bytes: AsyncIterable<Uint8Array>; readonly isEmpty: boolean }> {
  const { start, bytes } = await peek(stream);
  const isEmpty = start.length === 0;
  if (isEmpty || isArchiveStart(start) || isTarHeader(start)) return { bytes, isEmpty };
  throw new NaruError('invalid-argument', 'E_ARCHIVE', `${name} is not a tar archive`, {
    hint: 'docker save writes archives of images, docker export those of file systems',
  });
}

/** Also one of the old kind, which has no mark but a checksum. */
function isTarHeader(start: Buffer): boolean {
  if (start.length < 512) return false;
  if (isZeroBlock(start)) return true; // the end of an archive without members
  try {
    parseHeader(start);
    return true;
  } catch {
    return false;
  }
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  totalBytes: number,
  doing: string,
  status: StatusLine,
): AsyncGenerator<Uint8Array, void, void> {
  let nBytes = 0;
  for await (const chunk of source) {
    yield chunk;
    nBytes += chunk.length;
    status.update(
      `${doing}: ${formatBytes(nBytes)}${totalBytes > 0 ? ` of ${formatBytes(totalBytes)}` : ''}`,
    );
  }
  status.update(`${doing}: all sent, the engine unpacks it`);
}

function unreadable(path: string, cause: unknown): NaruError {
  return new NaruError('invalid-argument', 'E_ARCHIVE', `cannot read ${path}: ${systemReason(cause)}`, {
    cause,
  });
}
