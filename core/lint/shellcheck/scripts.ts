/**
 * What ShellCheck is asked about each RUN: its script, below the shebang of its shell and the variables that the Dockerfile sets.
 * The same text as hadolint gives it (2.15, read): `#!/bin/sh`, then `export NAME=1` for every ARG and ENV of the stage and the proxies that a build knows.
 * Stages also have what the stage below them sets, and what is known of their base image, which hadolint leaves out.
 */

import type { LintContext } from '../rule.ts';
import { type ScriptedRun, runsOf } from '../runs.ts';
import { isNonPosixShell, shellsInUse } from '../shell-in-use.ts';
import type { ShellText } from '../shell/script.ts';
import { withLineEnds } from './continued-lines.ts';
import type { ShellcheckQuestion } from './question.ts';
import { type KnownVariables, ONLY_PROXIES, variablesBefore } from './variables.ts';

export interface CheckedScript {
  readonly run: ScriptedRun;
  /** What the shebang names: `/bin/sh`, `/bin/bash`. */
  readonly shell: string;
  /** Set outside of the script. */
  readonly variables: KnownVariables;
}

/** In the order of `runsOf`; JSON arrays and scripts for other interpreters are left out. For `context.once`. */
export function checkedScripts(context: LintContext): readonly CheckedScript[] {
  return runsOf(context).flatMap((run) => checkedScript(context, run) ?? []);
}

/** Undefined for what is left out. */
export function checkedScript(context: LintContext, run: ScriptedRun): CheckedScript | undefined {
  const { interpreter, line } = run.script;
  const inUse = context.once(shellsInUse).get(run.run);
  const isForeign = interpreter === undefined && inUse !== undefined && isNonPosixShell(inUse);
  if (line.isWholeString !== undefined || line.text === '' || isForeign) return undefined;
  // hadolint knows nothing of the stage a trigger will run in.
  const isUnknown = context.followsHadolint && run.isTrigger;
  const shell = interpreter ?? (isUnknown ? undefined : inUse) ?? '/bin/sh';
  return { run, shell, variables: isUnknown ? ONLY_PROXIES : context.once(variablesBefore)(run) };
}

export function shellcheckQuestion(script: CheckedScript): ShellcheckQuestion {
  const { run, shell, variables } = script;
  const read = scriptText(run.script.line);
  return {
    key: `${shell}\n${variables.told().key}\n${read}`,
    text: () => shellcheckText(script, read),
  };
}

/** Lines of the text that stand above the RUN's own script: the shebang and the exports. */
export function nLinesAbove({ variables }: CheckedScript): number {
  return 1 + variables.told().nNames;
}

/** What it reads of a RUN, with the same places as its text. */
export function scriptText(line: ShellText): string {
  // A second shebang would be a fault of its own.
  return withLineEnds(line).replace(/^(\t*#)!/, '$1 ');
}

function shellcheckText({ shell, variables }: CheckedScript, read: string): string {
  const exports = variables.names().map((name) => `export ${name}=1\n`);
  return `#!${shell}\n${exports.join('')}${read}`;
}
