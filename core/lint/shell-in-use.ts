/**
 * The shell that a RUN without a JSON array starts, as far as the file says: SHELL, `# hadolint shell=`, a base image for Windows.
 * A stage starts with the shell of the stage it stands on, any other with what a pragma above the first FROM says.
 */

import type { RunInstruction } from '../dockerfile/types.ts';
import { readPragmas } from './pragmas.ts';
import type { LintContext } from './rule.ts';
import { placedInstructions } from './placed.ts';
import { ShellState } from './shell-state.ts';
import { parentStages } from './stage-graph.ts';
import { windowsStages } from './windows-stages.ts';

const NON_POSIX = /(?:^|[\\/])(?:pwsh|powershell|cmd)(?:\.exe)?$/i;

/** True for PowerShell and cmd, by name or path. */
export function isNonPosixShell(name: string): boolean {
  return NON_POSIX.test(name);
}

/** The program that runs each RUN, triggers included; RUNs of which the file says nothing are missing. */
export function shellsInUse({
  dockerfile,
  instructions,
  once,
}: LintContext): ReadonlyMap<RunInstruction, string> {
  const shells = new Map<RunInstruction, string>();
  const pragmas = readPragmas(dockerfile).filter(({ kind, isVoid }) => kind === 'shell' && !isVoid);
  const windows = once(windowsStages);
  if (instructions('SHELL').length === 0 && pragmas.length === 0 && windows.size === 0) return shells;
  const shell = new ShellState<string | undefined>(once(parentStages), undefined);
  let ofFile: string | undefined;
  let nRead = 0;
  for (const { instruction, stage } of placedInstructions(dockerfile)) {
    const isFrom = instruction.name === 'FROM';
    if (isFrom) shell.enter(stage, ofFile ?? (stage !== undefined && windows.has(stage) ? 'cmd' : undefined));
    for (; nRead < pragmas.length; nRead += 1) {
      const pragma = pragmas[nRead];
      if (pragma === undefined || pragma.comment.span.start > instruction.span.start) break;
      shell.set(pragma.shell);
      if (stage === undefined || (isFrom && stage.index === 0)) ofFile = pragma.shell;
    }
    if (instruction.name === 'SHELL' && instruction.command.kind === 'exec')
      shell.set(instruction.command.words[0]?.text);
    const run = instruction.name === 'ONBUILD' ? instruction.trigger : instruction;
    if (run?.name === 'RUN' && shell.now !== undefined) shells.set(run, shell.now);
  }
  return shells;
}

/** The RUNs whose shell is PowerShell or cmd: their text is no shell script. */
export function nonPosixRuns({ once }: LintContext): ReadonlySet<RunInstruction> {
  const shells = [...once(shellsInUse)].filter(([, shell]) => isNonPosixShell(shell));
  return new Set(shells.map(([run]) => run));
}
