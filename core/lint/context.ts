/** Makes what rules see of one file and its surroundings; what several rules need is found out once, when the first asks. */

import type { Dockerfile, Instruction, RunInstruction } from '../dockerfile/types.ts';
import { byName, type InstructionNamed, type Placed, placedInstructions } from './placed.ts';
import type { LintContext, LintOptions } from './rule.ts';
import { readRunScript } from './shell/run-script.ts';
import { EMPTY_SCRIPT, type ShellScript } from './shell/script.ts';
import { nonPosixRuns } from './shell-in-use.ts';

export interface Surroundings {
  /** Of every rule there is. */
  readonly ruleIds: ReadonlySet<string>;
  readonly followsHadolint: boolean;
}

export function lintContext(
  dockerfile: Dockerfile,
  options: LintOptions,
  { followsHadolint, ruleIds }: Surroundings,
): LintContext {
  const scripts = new Map<RunInstruction, ShellScript>();
  const made = new Map<unknown, unknown>();
  const placed = placedInstructions(dockerfile);
  const named = byName(placed);
  const context: LintContext = {
    dockerfile,
    options,
    ruleIds,
    followsHadolint,
    placed,
    // `named` answers these kinds only.
    instructions: <Name extends Instruction['name']>(...names: readonly Name[]) =>
      named(names) as readonly Placed<InstructionNamed<Name>>[],
    shellOf(run) {
      const known = scripts.get(run);
      if (known) return known;
      // hadolint reads every RUN as a POSIX shell's.
      const isReadable = followsHadolint || !context.once(nonPosixRuns).has(run);
      const script = isReadable ? readRunScript(run, dockerfile.text, options.readScript) : EMPTY_SCRIPT;
      scripts.set(run, script);
      return script;
    },
    once<Result>(make: (context: LintContext) => Result): Result {
      if (!made.has(make)) made.set(make, make(context));
      return made.get(make) as Result; // what this very function answered
    },
  };
  return context;
}
