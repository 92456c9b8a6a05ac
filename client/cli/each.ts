/** Commands over several names: do what can be done, say what could not, and end with 1 if anything failed. */

import { NaruError } from '../../core/errors.ts';
import { ExitWith } from './exit.ts';
import type { CliIo } from './io.ts';
import { tellError } from './tell-error.ts';

/** Side by side, at most this many. */
const MAX_AT_ONCE = 50;

/**
 * Does it for all names side by side, and prints each, or what `act` answers instead, in the order given.
 *
 * @throws ExitWith 1 after the last one if one failed; what concerns more than one name at once
 */
export async function forEachName(
  names: readonly string[],
  io: CliIo,
  act: (name: string) => Promise<unknown>,
): Promise<void> {
  const results: Promise<unknown>[] = [];
  for (const [index, name] of names.entries()) {
    const before = results[index - MAX_AT_ONCE]?.catch(() => undefined) ?? Promise.resolve();
    const result = before.then(() => act(name));
    result.catch(() => undefined); // told below, when its turn comes
    results.push(result);
  }
  let next = 0;
  await forEachInTurn(names, io, async (name) => {
    const answer = await results[next++];
    io.stdout.write(typeof answer === 'string' ? answer : `${name}\n`);
  });
}

/** One after the other; prints nothing on stdout. @throws as `forEachName` */
export async function forEachInTurn(
  names: readonly string[],
  io: CliIo,
  act: (name: string) => Promise<unknown>,
): Promise<void> {
  tellFailures(await tryInTurn(names, act), io, 1);
}

/** As `forEachInTurn`; answers the failures, for `tellFailures` when their turn comes. */
export async function tryInTurn<T>(
  things: readonly T[],
  act: (thing: T) => Promise<unknown>,
): Promise<readonly NaruError[]> {
  const failures: NaruError[] = [];
  for (const thing of things) {
    try {
      await act(thing);
    } catch (error) {
      if (!(error instanceof NaruError) || error.kind === 'cancelled' || error.kind === 'unavailable')
        throw error;
      failures.push(error);
    }
  }
  return failures;
}

/** @throws ExitWith this code if there are any */
export function tellFailures(failures: readonly NaruError[], io: CliIo, exitCode: number): void {
  for (const failure of failures) tellError(failure, io);
  if (failures.length > 0) throw new ExitWith(exitCode);
}
