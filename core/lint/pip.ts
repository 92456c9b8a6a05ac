/** pip under its several names. */

import type { LintContext } from './rule.ts';
import { runsWhere } from './runs.ts';
import { hasSequence } from './shell/arguments.ts';
import type { ShellCommand } from './shell/script.ts';

/** `pip install`, `pip3 install`, `python -m pip install` of every RUN; not pipenv. */
export function pipInstalls(context: LintContext): readonly ShellCommand[] {
  return runsWhere(context, mayBePip).flatMap(({ commands }) => commands.filter(isPipInstall));
}

export function isPipInstall(command: ShellCommand): boolean {
  const { value: name } = command.name;
  if (!mayBePip(name)) return false;
  return hasSequence(command, name.startsWith('pip') ? ['install'] : ['-m', 'pip', 'install']);
}

/** By its name alone. */
export function mayBePip(name: string): boolean {
  return (name.startsWith('pip') && !name.startsWith('pipenv')) || name.startsWith('python');
}
