/** The question before something is removed, and what is said after it. */

import { createInterface } from 'node:readline';

import type { Pruned } from '../driver/engine/containers.ts';
import { ExitWith } from './exit.ts';
import type { CliIo } from './io.ts';
import { formatPreciseBytes } from './units.ts';

/** Asks unless `isForced`; the answer may come from a pipe. @throws ExitWith 0 for no and for the end of input, as Docker (28.5.2, measured); 130 for Ctrl-C */
export async function confirm(io: CliIo, question: string, isForced: boolean): Promise<void> {
  if (isForced) return;
  const reader = createInterface({ input: io.stdin, output: io.stderr, prompt: `${question} (y/N) ` });
  reader.prompt();
  try {
    const answer = await new Promise<string>((resolve, reject) => {
      io.signal.addEventListener('abort', () => reject(io.signal.reason), { once: true });
      reader.once('SIGINT', () => reject(new ExitWith(130)));
      reader.once('line', resolve);
      reader.once('close', () => resolve('')); // end of input is a no
    });
    if (/^y(es)?$/i.test(answer.trim())) return;
  } finally {
    reader.close();
  }
  // At a terminal the user ended the line.
  const newline = io.stdin.isTTY === true ? '' : '\n';
  io.stderr.write(`${newline}nothing was removed\n`);
  throw new ExitWith(0);
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
