/** The RUNs of a file with the commands in them, found by the names of the commands. */

import { readMount } from '../dockerfile/mounts.ts';
import type { Instruction, RunInstruction, Stage } from '../dockerfile/types.ts';
import type { Placed } from './placed.ts';
import type { LintContext } from './rule.ts';
import { programName } from './shell/parsed-script.ts';
import type { ShellCommand, ShellScript } from './shell/script.ts';

/** A RUN with its script. */
export interface ScriptedRun {
  readonly run: RunInstruction;
  readonly stage: Stage | undefined;
  readonly script: ShellScript;
  readonly commands: readonly ShellCommand[];
  /** Of ONBUILD: another build runs it. */
  readonly isTrigger: boolean;
}

/** Every RUN, those of ONBUILD behind the others. */
export function runsOf(context: LintContext): readonly ScriptedRun[] {
  return context.once(readRuns);
}

/** The RUNs with a command of one of these names, as written; in the order of `runsOf`. */
export function runsWith(context: LintContext, ...names: readonly string[]): readonly ScriptedRun[] {
  const byName = context.once(callsByName);
  const lists = names.flatMap((name) => {
    const calls = byName.get(name);
    return calls === undefined ? [] : [calls.runs];
  });
  const [first = [], ...others] = lists;
  if (others.length === 0) return first;
  const wanted = new Set(lists.flat());
  return runsOf(context).filter((run) => wanted.has(run));
}

/** The RUNs with a command whose name, as written, is wanted; in the order of `runsOf`. */
export function runsWhere(context: LintContext, isWanted: (name: string) => boolean): readonly ScriptedRun[] {
  return runsWith(context, ...[...context.once(callsByName).keys()].filter(isWanted));
}

/** The RUNs of this build with one of these programs, whatever their folder. */
export function stepsWith(context: LintContext, ...programs: readonly string[]): readonly ScriptedRun[] {
  const namesOf = context.once(namesByProgram);
  const runs = runsWith(context, ...programs.flatMap((program) => namesOf.get(program) ?? []));
  return runs.filter(({ isTrigger }) => !isTrigger);
}

/** The commands of these names, as written, of every RUN. */
export function commandsNamed(context: LintContext, ...names: readonly string[]): readonly ShellCommand[] {
  const [name = '', ...others] = names;
  if (others.length === 0) return context.once(callsByName).get(name)?.commands ?? [];
  const runs = runsWith(context, ...names);
  return runs.flatMap(({ commands }) => commands.filter(({ name }) => names.includes(name.value)));
}

/** The commands of the RUNs of this build that start one of these programs. */
export function programsNamed(context: LintContext, ...programs: readonly string[]): readonly ShellCommand[] {
  const runs = stepsWith(context, ...programs);
  return runs.flatMap(({ commands }) => commands.filter(({ program }) => programs.includes(program)));
}

/** First the instructions of these names, then the triggers of ONBUILD, unwrapped, for rules that keep state. */
export function passes(
  { instructions }: LintContext,
  ...names: readonly Instruction['name'][]
): readonly (readonly Placed[])[] {
  const triggers = instructions('ONBUILD').flatMap(({ instruction: { trigger }, stage }) =>
    trigger === undefined ? [] : [{ instruction: trigger, stage }],
  );
  return [instructions(...names), triggers];
}

function readRuns(context: LintContext): readonly ScriptedRun[] {
  const runs: ScriptedRun[] = [];
  for (const [nth, pass] of passes(context, 'RUN').entries()) {
    for (const { instruction: run, stage } of pass) {
      if (run.name !== 'RUN') continue;
      const script = context.shellOf(run);
      runs.push({ run, stage, script, commands: script.commands, isTrigger: nth > 0 });
    }
  }
  return runs;
}

/** The commands of one name, and the RUNs they stand in, each once. */
interface Calls {
  readonly commands: ShellCommand[];
  readonly runs: ScriptedRun[];
}

function callsByName(context: LintContext): ReadonlyMap<string, Calls> {
  const byName = new Map<string, Calls>();
  for (const run of runsOf(context)) {
    for (const command of run.commands) {
      const { value: name } = command.name;
      const calls = byName.get(name);
      if (calls === undefined) {
        byName.set(name, { commands: [command], runs: [run] });
        continue;
      }
      calls.commands.push(command);
      if (calls.runs.at(-1) !== run) calls.runs.push(run);
    }
  }
  return byName;
}

/** `rm` and `/bin/rm` for the program `rm`. */
function namesByProgram(context: LintContext): ReadonlyMap<string, readonly string[]> {
  const byProgram = new Map<string, string[]>();
  for (const name of context.once(callsByName).keys()) {
    const program = programName(name);
    byProgram.set(program, [...(byProgram.get(program) ?? []), name]);
  }
  return byProgram;
}

/** True if what is written below `path` does not stay in the layer: a cache or tmpfs is mounted there. */
export function hasVolatileMount(run: RunInstruction, path: string): boolean {
  return run.flags.some(({ name, value }) => {
    if (name !== 'mount' || value === undefined || !value.includes(path)) return false;
    const read = readMount(value, (text) => text);
    if (read.kind !== 'mount') return /(?:^|,)type=(?:cache|tmpfs)(?:,|$)/.test(value);
    return (
      (read.mount.type === 'cache' || read.mount.type === 'tmpfs') &&
      read.mount.target?.includes(path) === true
    );
  });
}

/** True if a cache or tmpfs is mounted at one of these directories, or above one: nothing of it stays in the layer. */
export function isMountedOver(run: RunInstruction, directories: readonly string[]): boolean {
  return run.flags.some(({ name, value }) => {
    const read = name === 'mount' && value !== undefined ? readMount(value, (text) => text) : undefined;
    if (read?.kind !== 'mount' || !/^(?:cache|tmpfs)$/.test(read.mount.type)) return false;
    const target = (read.mount.target ?? '').replace(/\/+$/, '');
    return target !== '' && directories.some((path) => path === target || path.startsWith(`${target}/`));
  });
}
