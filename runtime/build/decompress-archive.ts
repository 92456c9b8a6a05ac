/** Uncompressed bytes of an archive: gzip and zstd in this process, bzip2 and xz by the host's own programs, as Docker does with xz. */

import { createReadStream, openSync, readSync, closeSync } from 'node:fs';

import { NaruError } from '../../core/errors.ts';
import { decompressed } from '../../local/tar/decompress.ts';
import { spawnProcess } from '../host/exec.ts';

const PROGRAMS: readonly (readonly [magic: string, program: string])[] = [
  ['425a68', 'bzip2'],
  ['fd377a585a00', 'xz'],
];

/** @throws NaruError "unavailable" when the host lacks the program, "invalid-argument" for damaged data */
export function openArchiveFile(path: string | Buffer): AsyncIterable<Uint8Array> {
  const start = firstBytes(path);
  const program = PROGRAMS.find(([magic]) => start.startsWith(magic))?.[1];
  return program === undefined ? decompressed(createReadStream(path)) : throughProgram(program, path);
}

async function* throughProgram(
  program: string,
  path: string | Buffer,
): AsyncGenerator<Uint8Array, void, void> {
  const file = openSync(path, 'r');
  const child = spawnProcess([program, '-dc'], { stdio: [file, 'pipe', 'ignore'] });
  closeSync(file);
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', (cause) => {
      const message = `the host has no ${program} to read this archive`;
      reject(new NaruError('unavailable', 'E_COMPRESSION', message, { cause }));
    });
    child.once('close', (code) => resolve(code ?? 1));
  });
  ended.catch(() => undefined); // told below, when everything was read
  let isWhole = false;
  try {
    for await (const chunk of child.stdout ?? []) yield chunk as Uint8Array; // a pipe yields Buffers
    isWhole = true;
  } finally {
    if (!isWhole) child.kill('SIGKILL');
  }
  if ((await ended) !== 0) throw new NaruError('invalid-argument', 'E_DECOMPRESS', `damaged ${program} data`);
}

function firstBytes(path: string | Buffer): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(6);
    return bytes.toString('hex', 0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}
