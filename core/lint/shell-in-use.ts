/** The shell that a RUN without a JSON array starts, as far as the file says: SHELL, `# hadolint shell=`. */

import type { Dockerfile, RunInstruction } from '../dockerfile/types.ts';
import { readPragmas } from './pragmas.ts';
import type { LintContext } from './rule.ts';

const NON_POSIX = /(?:^|[\\/])(?:pwsh|powershell|cmd)(?:\.exe)?$/i;

/** True for PowerShell and cmd, by name or path. */
export function isNonPosixShell(name: string): boolean {
  return NON_POSIX.test(name);
}

/** The program that runs each RUN, triggers included; RUNs of which the file says nothing are missing. */
export function shellsInUse({
  dockerfile,
}: Pick<LintContext, 'dockerfile'>): ReadonlyMap<RunInstruction, string> {
  const shells = new Map<RunInstruction, string>();
  const pragmas = readPragmas(dockerfile).filter(({ kind, isVoid }) => kind === 'shell' && !isVoid);
  const hasShell = dockerfile.instructions.some(({ name }) => name === 'SHELL');
  if (!hasShell && pragmas.length === 0) return shells;
  let shell: string | undefined;
  let nRead = 0;
  for (const instruction of dockerfile.instructions) {
    if (instruction.name === 'FROM') shell = undefined;
    for (; nRead < pragmas.length; nRead += 1) {
      const pragma = pragmas[nRead];
      if (pragma === undefined || pragma.comment.span.start > instruction.span.start) break;
      shell = pragma.shell;
    }
    if (instruction.name === 'SHELL' && instruction.command.kind === 'exec')
      shell = instruction.command.words[0]?.text;
    const run = instruction.name === 'ONBUILD' ? instruction.trigger : instruction;
    if (run?.name === 'RUN' && shell !== undefined) shells.set(run, shell);
  }
  return shells;
}

/** The RUNs whose shell is PowerShell or cmd: their text is no shell script. */
export function nonPosixRuns(dockerfile: Dockerfile): ReadonlySet<RunInstruction> {
  const shells = [...shellsInUse({ dockerfile })].filter(([, shell]) => isNonPosixShell(shell));
  return new Set(shells.map(([run]) => run));
}
