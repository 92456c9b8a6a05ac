/** The shellcheck of this machine, for `naru lint`: asked once per file, left alone after it failed. */

import { availableParallelism } from 'node:os';

import { NaruError } from '../../../core/errors.ts';
import type { RuleSet } from '../../../core/lint/run.ts';
import { askShellcheck, findShellcheck, type ShellcheckAnswers } from '../../../local/shellcheck.ts';
import type { CliIo } from '../io.ts';
import type { StatusLine } from '../status-line.ts';

/** Undefined when it has not answered. */
export type Shellcheck = (scripts: readonly string[]) => Promise<ShellcheckAnswers | undefined>;

const TIMEOUT_MS = 30_000;
/** Of 1,000 scripts one process at a time took 35 s, two took 17 s for the same CPU time (0.9.0, 2 cores); more than a few would crowd out others. */
const MAX_AT_ONCE = 4;

/** Without the program, or after it failed, the answer is undefined. A failure is told on stderr, once; that there is none only to a person who asked for all of hadolint. */
export function shellcheckOf(io: CliIo, rules: RuleSet, status: StatusLine): Shellcheck {
  let program = findShellcheck(io.env);
  if (program === undefined && rules === 'hadolint' && io.stderr.isTTY === true)
    io.stderr.write('naru: no shellcheck on PATH: of its rules the most frequent are checked\n');
  return async (scripts) => {
    if (program === undefined) return undefined;
    try {
      return await askShellcheck(program, scripts, {
        timeoutMs: TIMEOUT_MS,
        nAtOnce: Math.min(availableParallelism(), MAX_AT_ONCE),
        signal: io.signal,
        onProgress: (nAnswered, nAll) => status.update(`shellcheck: ${nAnswered} of ${nAll} scripts`),
      });
    } catch (error) {
      status.clear();
      if (!(error instanceof NaruError) || error.kind === 'cancelled') throw error;
      io.stderr.write(`naru: ${error.message}; its rules are left out\n`);
      program = undefined;
      return undefined;
    }
  };
}
