/** Commands over several names: do what can be done, say what could not, and end with 1 if anything failed. */

import { NaruError } from '../../core/errors.ts';
import { ExitWith } from './exit.ts';
import type { CliIo } from './io.ts';

/** Prints each name when it is done. @throws ExitWith 1 after the last one if one failed; whatever is not a NaruError at once */
export async function forEachName(
  names: readonly string[],
  io: CliIo,
  act: (name: string) => Promise<unknown>,
): Promise<void> {
  let hasFailed = false;
  for (const name of names) {
    try {
      await act(name);
      io.stdout.write(`${name}\n`);
    } catch (error) {
      if (!(error instanceof NaruError) || error.kind === 'cancelled' || error.kind === 'unavailable')
        throw error;
      hasFailed = true;
      io.stderr.write(`naru: ${error.message}\n${error.hint ? `      ${error.hint}\n` : ''}`);
    }
  }
  if (hasFailed) throw new ExitWith(1);
}
