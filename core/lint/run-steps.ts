/** The RUN instructions of a file with the commands in them, for rules that look for programs by name. */

import type { RunInstruction, Stage } from '../dockerfile/types.ts';
import type { Span } from '../source.ts';
import type { LintContext } from './rule.ts';
import type { ShellCommand } from './shell/script.ts';

export interface RunStep {
  readonly instruction: RunInstruction;
  readonly stage: Stage | undefined;
  readonly commands: readonly RunCommand[];
}

export interface RunCommand {
  /** Without its directory: `apt-get` for `/usr/bin/apt-get`. */
  readonly name: string;
  /** Arguments as the program gets them, as far as they are known. */
  readonly words: readonly string[];
  readonly nameSpan: Span;
  readonly span: Span;
  readonly source: ShellCommand;
}

/** In file order; RUN inside ONBUILD is left out. Made once for a file. */
export function runSteps(context: LintContext): readonly RunStep[] {
  return context.steps();
}

/** What `LintContext.steps` keeps. */
export function readSteps({ placed, shellOf }: Pick<LintContext, 'placed' | 'shellOf'>): readonly RunStep[] {
  return placed.flatMap(({ instruction, stage }) =>
    instruction.name === 'RUN'
      ? [{ instruction, stage, commands: shellOf(instruction).commands.map(runCommand) }]
      : [],
  );
}

function runCommand(source: ShellCommand): RunCommand {
  return {
    name: source.name.value.replace(/^.*\//, ''),
    words: source.args.map(({ value }) => value),
    nameSpan: source.name.span,
    span: source.span,
    source,
  };
}

/** The first argument that is no flag: `install` of `apt-get -y install`. */
export function subcommand({ words }: RunCommand): string | undefined {
  return words.find((word) => !word.startsWith('-'));
}

/** What stands between two commands of one script, continuations taken out: `|`, `&&`, `;` … */
export function between(text: string, before: RunCommand, after: RunCommand): string {
  return text
    .slice(before.span.end, after.span.start)
    .replaceAll(/[\\`]\r?\n/g, '')
    .trim();
}
