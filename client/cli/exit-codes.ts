/**
 * What a command line ends with when it could not be done.
 * Verbs of our own (lint, preview, forward, engine) end with 2 for input that cannot be used, so that 1 keeps its meaning.
 * Docker's verbs end as docker's CLI does (28.5.2): 125 for a flag it does not know or a value it cannot read, 1 for everything else.
 * What `run` and `create` add to that is in commands/run.ts.
 */

import type { CommanderError } from 'commander';

import type { NaruError } from '../../core/errors.ts';

/** What commander says of flags; anything else it says is about arguments and verbs. */
const FLAG_FAULTS: ReadonlySet<string> = new Set([
  'commander.unknownOption',
  'commander.optionMissingArgument',
  'commander.invalidArgument',
  'commander.conflictingOption',
]);

/** Values that docker's CLI reads together with the flag. */
const VALUE_FAULTS: ReadonlySet<string> = new Set(['E_SIZE', 'E_NUMBER', 'E_ULIMIT', 'E_FILTER', 'E_TAG']);

/** For a command line that could not be read; 0 for help, which docker's CLI also prints for a group without a verb. */
export function exitCodeOfUsage({ code, exitCode }: CommanderError, isOwnVerb: boolean): number {
  if (exitCode === 0 || code === 'commander.help') return 0;
  if (isOwnVerb) return 2;
  return FLAG_FAULTS.has(code) ? 125 : 1;
}

/** For what a verb threw. */
export function exitCodeOfFailure({ kind, code }: NaruError, isOwnVerb: boolean): number {
  if (kind === 'cancelled') return 130;
  if (isOwnVerb) return kind === 'invalid-argument' ? 2 : 1;
  return VALUE_FAULTS.has(code) ? 125 : 1;
}
