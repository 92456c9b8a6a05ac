/** The RUNs of a file for rules about what runs in them. ONBUILD RUN is looked at apart, as the build that runs it is another one. */

import type { Instruction, RunInstruction, Stage } from '../dockerfile/types.ts';
import { readMount } from '../dockerfile/mounts.ts';
import type { LintContext } from './rule.ts';
import type { ShellCommand, ShellScript } from './shell/script.ts';

export interface PlacedInstruction {
  readonly instruction: Instruction;
  readonly stage: Stage | undefined;
}

/** A RUN with its script. */
export interface ScriptedRun {
  readonly run: RunInstruction;
  readonly script: ShellScript;
}

/** What rules ask about all RUNs of a file; each list is made when it is first asked for, and kept. */
export interface RunList {
  readonly passes: readonly (readonly PlacedInstruction[])[];
  readonly scripts: () => readonly ScriptedRun[];
  readonly commands: () => readonly ShellCommand[];
  readonly named: (name: string) => readonly ShellCommand[];
}

/** What `LintContext.runs` keeps. */
export function readRuns({ placed, shellOf }: Pick<LintContext, 'placed' | 'shellOf'>): RunList {
  const passes = [placed, triggersOf(placed)];
  let found: readonly ScriptedRun[] | undefined;
  let commands: readonly ShellCommand[] | undefined;
  let byName: ReadonlyMap<string, readonly ShellCommand[]> | undefined;
  function allScripts(): readonly ScriptedRun[] {
    found ??= passes.flatMap((pass) => scriptsOf(pass, shellOf));
    return found;
  }
  function allCommands(): readonly ShellCommand[] {
    commands ??= allScripts().flatMap(({ script }) => script.commands);
    return commands;
  }
  return {
    passes,
    scripts: allScripts,
    commands: allCommands,
    named(name) {
      byName ??= byTheirNames(allCommands());
      return byName.get(name) ?? [];
    },
  };
}

/** First the instructions of this build, then the triggers of ONBUILD, unwrapped, for rules that keep state. */
export function passes(context: LintContext): readonly (readonly PlacedInstruction[])[] {
  return context.runs().passes;
}

/** Every RUN with its script, those of ONBUILD behind the others. */
export function scripts(context: LintContext): readonly ScriptedRun[] {
  return context.runs().scripts();
}

/** Every command of every RUN. */
export function commandsOf(context: LintContext): readonly ShellCommand[] {
  return context.runs().commands();
}

/** The commands of that name, as written, of every RUN. */
export function commandsNamed(context: LintContext, name: string): readonly ShellCommand[] {
  return context.runs().named(name);
}

function byTheirNames(commands: readonly ShellCommand[]): ReadonlyMap<string, readonly ShellCommand[]> {
  const groups = new Map<string, ShellCommand[]>();
  for (const command of commands) {
    const group = groups.get(command.name.value);
    if (group === undefined) groups.set(command.name.value, [command]);
    else group.push(command);
  }
  return groups;
}

function triggersOf(placed: readonly PlacedInstruction[]): readonly PlacedInstruction[] {
  return placed.flatMap(({ instruction, stage }) => {
    if (instruction.name !== 'ONBUILD' || instruction.trigger === undefined) return [];
    return [{ instruction: instruction.trigger, stage }];
  });
}

function scriptsOf(
  pass: readonly PlacedInstruction[],
  shellOf: LintContext['shellOf'],
): readonly ScriptedRun[] {
  return pass.flatMap(({ instruction: run }) => (run.name === 'RUN' ? [{ run, script: shellOf(run) }] : []));
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
