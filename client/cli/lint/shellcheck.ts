/** The shellcheck of this machine, for `naru lint`: asked once per file, left alone after it failed. */

import { NaruError } from '../../../core/errors.ts';
import type { RuleSet } from '../../../core/lint/run.ts';
import { askShellcheck, findShellcheck, type ShellcheckAnswers } from '../../../local/shellcheck.ts';
import type { CliIo } from '../io.ts';

/** Undefined when it has not answered. */
export type Shellcheck = (scripts: readonly string[]) => Promise<ShellcheckAnswers | undefined>;

const TIMEOUT_MS = 30_000;

/** Without the program, or after it failed, the answer is undefined. A failure is told on stderr, once; that there is none only to a person who asked for all of hadolint. */
export function shellcheckOf(io: CliIo, rules: RuleSet): Shellcheck {
  let program = findShellcheck(io.env);
  if (program === undefined && rules === 'hadolint' && io.stderr.isTTY === true)
    io.stderr.write('naru: no shellcheck on PATH: of its rules the most frequent are checked\n');
  return async (scripts) => {
    if (program === undefined) return undefined;
    try {
      return await askShellcheck(program, scripts, { timeoutMs: TIMEOUT_MS, signal: io.signal });
    } catch (error) {
      if (!(error instanceof NaruError) || error.kind === 'cancelled') throw error;
      io.stderr.write(`naru: ${error.message}; its rules are left out\n`);
      program = undefined;
      return undefined;
    }
  };
}
