/**
 * What ShellCheck is asked about each RUN: its script, below the shebang of its shell and the variables that the Dockerfile sets.
 * The same text as hadolint gives it (2.15, read): `#!/bin/sh`, then `export NAME=1` for every ARG and ENV of the stage and the proxies that a build knows.
 * Stages also have what the stage below them sets, and what is known of their base image, which hadolint leaves out.
 */

import type { RunInstruction, Stage } from '../../dockerfile/types.ts';
import type { LintContext } from '../rule.ts';
import { type ScriptedRun, runsOf } from '../runs.ts';
import { isNonPosixShell, shellsInUse } from '../shell-in-use.ts';
import { parentStages } from '../stage-graph.ts';

export interface ShellcheckScript {
  readonly run: ScriptedRun;
  /** What the shebang names: `/bin/sh`, `/bin/bash`. */
  readonly shell: string;
  /** Set outside of the script. */
  readonly variables: ReadonlySet<string>;
  /** All that ShellCheck reads. */
  readonly text: string;
  /** Where the RUN's own script starts in it. */
  readonly scriptAt: number;
}

/** In the order of `runsOf`; JSON arrays and scripts for other interpreters are left out. For `context.once`. */
export function shellcheckScripts(context: LintContext): readonly ShellcheckScript[] {
  const shells = shellsInUse(context.dockerfile);
  const variablesOf = context.once(variablesBefore);
  return runsOf(context).flatMap((run): ShellcheckScript[] => {
    const { interpreter, line } = run.script;
    const inUse = shells.get(run.run);
    const isForeign = interpreter === undefined && inUse !== undefined && isNonPosixShell(inUse);
    if (line.isJson === true || line.text === '' || isForeign) return [];
    // hadolint knows nothing of the stage a trigger will run in.
    const isUnknown = context.followsHadolint && run.isTrigger;
    const shell = interpreter ?? (isUnknown ? undefined : inUse) ?? '/bin/sh';
    const variables = isUnknown ? PROXIES : (variablesOf.get(run.run) ?? PROXIES);
    const head = `#!${shell}\n${[...variables].map((name) => `export ${name}=1\n`).join('')}`;
    // A second shebang would be a fault of its own.
    const text = head + line.text.replace(/^(\t*#)!/, '$1 ');
    return [{ run, shell, variables, text, scriptAt: head.length }];
  });
}

/** Names that a shell takes for a variable, of what is set before each RUN, those of triggers included. */
function variablesBefore({
  instructions,
  once,
  options,
}: LintContext): ReadonlyMap<RunInstruction, ReadonlySet<string>> {
  const parents = once(parentStages);
  const known = new Map<Stage | undefined, Set<string>>([[undefined, new Set(PROXIES)]]);
  const before = new Map<RunInstruction, ReadonlySet<string>>();
  for (const { instruction, stage } of instructions('FROM', 'ARG', 'ENV', 'RUN', 'ONBUILD')) {
    if (instruction.name === 'FROM') {
      const below = stage === undefined ? undefined : parents.get(stage);
      const base = options.baseImages?.get(instruction.image?.text ?? '')?.variables.keys() ?? [];
      known.set(stage, new Set([...(below === undefined ? PROXIES : (known.get(below) ?? [])), ...base]));
    }
    const names = known.get(stage) ?? new Set<string>();
    const run = instruction.name === 'ONBUILD' ? instruction.trigger : instruction;
    if (run?.name === 'RUN') before.set(run, new Set([...names].sort()));
    if (instruction.name === 'ARG') addNames(names, instruction.variables);
    if (instruction.name === 'ENV') addNames(names, instruction.pairs);
  }
  return before;
}

function addNames(names: Set<string>, pairs: readonly { readonly key: { readonly text: string } }[]): void {
  for (const { key } of pairs) if (/^[A-Za-z_]\w*$/.test(key.text)) names.add(key.text);
}

/** Build arguments that need no ARG. */
const PROXIES: ReadonlySet<string> = new Set([
  'FTP_PROXY',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'NO_PROXY',
  'ftp_proxy',
  'http_proxy',
  'https_proxy',
  'no_proxy',
]);
