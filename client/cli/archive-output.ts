/** An archive that the engine sends: into a file that is there whole or not at all, or to stdout; the bytes counted in the status line. */

import { resolve } from 'node:path';

import { NaruError } from '../../core/errors.ts';
import type { CliIo } from './io.ts';
import { write } from './output.ts';
import { StatusLine } from './status-line.ts';
import { formatBytes } from './units.ts';
import { writeWholeFile } from './whole-file.ts';

/** Without a path to stdout. Answers how many bytes there were. @throws NaruError "invalid-argument" when it cannot be written there, or stdout is a terminal */
export async function writeArchive(
  path: string | undefined,
  open: () => Promise<AsyncIterable<Uint8Array>>,
  doing: string,
  io: CliIo,
): Promise<number> {
  const status = new StatusLine(io);
  let nBytes = 0;
  const tell = (total: number): void => {
    nBytes = total;
  };
  try {
    if (path !== undefined && path !== '-') {
      await writeWholeFile(resolve(io.cwd, path), async () => counted(await open(), doing, status, tell));
      return nBytes;
    }
    for await (const chunk of counted(await open(), doing, status, tell)) await write(io.stdout, chunk);
    return nBytes;
  } finally {
    status.clear();
  }
}

/** Called before the engine is asked for anything. @throws NaruError "invalid-argument" */
export function refuseTerminal(path: string | undefined, io: CliIo): void {
  if ((path !== undefined && path !== '-') || !io.stdout.isTTY) return;
  throw new NaruError('invalid-argument', 'E_SAVE', 'an archive is not for a terminal', {
    hint: 'write to a file with -o FILE, or redirect stdout',
  });
}

/** The same bytes; how many there were so far is told in the status line. */
export async function* counted(
  source: AsyncIterable<Uint8Array>,
  doing: string,
  status: StatusLine,
  onBytes: (total: number) => void = () => undefined,
): AsyncGenerator<Uint8Array, void, void> {
  let nBytes = 0;
  for await (const chunk of source) {
    nBytes += chunk.length;
    onBytes(nBytes);
    yield chunk;
    status.update(`${doing}: ${formatBytes(nBytes)}`);
  }
}
