/** The question before something is removed, and what is said after it. */

import { createInterface } from 'node:readline/promises';

import { NaruError } from '../../core/errors.ts';
import type { Pruned } from '../driver/engine/containers.ts';
import { ExitWith } from './exit.ts';
import type { CliIo } from './io.ts';
import { formatPreciseBytes } from './units.ts';

/** Asks at the terminal unless `isForced`. @throws ExitWith 1 for no, 130 for Ctrl-C; NaruError "invalid-argument" when nobody can be asked */
export async function confirm(io: CliIo, question: string, isForced: boolean): Promise<void> {
  if (isForced) return;
  if (!io.stdin.isTTY) {
    throw new NaruError('invalid-argument', 'E_CONFIRM', 'nobody can be asked whether to remove', {
      hint: 'say --force',
    });
  }
  const reader = createInterface({ input: io.stdin, output: io.stderr });
  try {
    const interrupted = new Promise<never>((_resolve, reject) => {
      reader.once('SIGINT', () => reject(new ExitWith(130)));
      reader.once('close', () => reject(new ExitWith(1))); // end of input is a no
    });
    const answer = await Promise.race([
      reader.question(`${question} (y/N) `, { signal: io.signal }),
      interrupted,
    ]);
    if (/^y(es)?$/i.test(answer.trim())) return;
  } finally {
    reader.close();
  }
  io.stderr.write('nothing was removed\n');
  throw new ExitWith(1);
}

/** `Deleted Containers:` with one name per line, and the space that became free. */
export function printReclaimed(io: CliIo, title: string, pruned: Pruned): void {
  printRemoved(io, title, pruned);
  printTotal(io, pruned.reclaimedBytes);
}

/** The list alone, followed by an empty line; nothing for nothing. */
export function printRemoved(io: CliIo, title: string, { removed }: Pruned): void {
  if (removed.length > 0) io.stdout.write(`${title}:\n${removed.join('\n')}\n\n`);
}

/** Of everything that was removed. */
export function printTotal(io: CliIo, reclaimedBytes: number): void {
  io.stdout.write(`Total reclaimed space: ${formatPreciseBytes(reclaimedBytes)}\n`);
}
