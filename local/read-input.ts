/** A file that a user names on a command line, which may be a pipe: `naru lint <(generate)`. */

import { constants, openSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { addAbortSignal } from 'node:stream';

import { NaruError } from '../core/errors.ts';

/**
 * Its bytes. A pipe is read as it fills; while nobody writes to it, it is waited for until the signal aborts.
 * @throws NaruError "cancelled" on abort; what the file system throws
 */
export async function readInput(path: string, signal: AbortSignal): Promise<Buffer> {
  if (!(await stat(path)).isFIFO()) return readFile(path);
  // Opened in the usual way it would hold a thread until somebody writes, and the process could not end.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const pipe: AsyncIterable<Buffer> = addAbortSignal(
    signal,
    new Socket({ fd, readable: true, writable: false }),
  );
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of pipe) chunks.push(chunk);
  } catch (cause) {
    if (!signal.aborted) throw cause;
    throw new NaruError('cancelled', 'E_CANCELLED', `reading ${path} was cancelled`, { cause });
  }
  return Buffer.concat(chunks);
}
