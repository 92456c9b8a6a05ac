/** The RUNs of a file for rules about what runs in them. ONBUILD RUN is looked at apart, as the build that runs it is another one. */

import type { Instruction, RunInstruction, Stage } from '../dockerfile/types.ts';
import { readMount } from '../dockerfile/mounts.ts';
import type { LintContext } from './rule.ts';
import type { ShellCommand, ShellScript } from './shell/script.ts';

export interface PlacedInstruction {
  readonly instruction: Instruction;
  readonly stage: Stage | undefined;
}

/** First the instructions of this build, then the triggers of ONBUILD, unwrapped, for rules that keep state. */
export function passes({ placed }: LintContext): readonly (readonly PlacedInstruction[])[] {
  const triggers = placed.flatMap(({ instruction, stage }) => {
    if (instruction.name !== 'ONBUILD' || instruction.trigger === undefined) return [];
    return [{ instruction: instruction.trigger, stage }];
  });
  return [placed, triggers];
}

/** Every RUN with its script, those of ONBUILD behind the others. */
export function scripts(
  context: LintContext,
): readonly { readonly run: RunInstruction; readonly script: ShellScript }[] {
  return passes(context).flatMap((pass) =>
    pass.flatMap(({ instruction: run }) =>
      run.name === 'RUN' ? [{ run, script: context.shellOf(run) }] : [],
    ),
  );
}

/** Every command of every RUN. */
export function commandsOf(context: LintContext): readonly ShellCommand[] {
  return scripts(context).flatMap(({ script }) => script.commands);
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
