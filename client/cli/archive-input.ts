/** An archive that is sent to the engine: from a file or stdin, with the bytes counted in the status line. */

import { open } from 'node:fs/promises';
import { resolve } from 'node:path';

import { NaruError } from '../../core/errors.ts';
import type { CliIo } from './io.ts';
import { StatusLine } from './status-line.ts';
import { formatBytes } from './units.ts';

export interface ArchiveInput {
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
    return { chunks: counted(io.stdin as AsyncIterable<Uint8Array>, 0, doing, status), status }; // no encoding is set on stdin
  }
  const file = await open(resolve(io.cwd, path)).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  const stat = await file.stat();
  if (stat.isDirectory()) {
    await file.close();
    throw unreadable(path, new Error('it is a directory'));
  }
  return { chunks: counted(file.createReadStream(), stat.size, doing, status), status };
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
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new NaruError('invalid-argument', 'E_ARCHIVE', `cannot read the archive ${path}: ${reason}`, {
    cause,
  });
}
