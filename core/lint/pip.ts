/** pip under its several names. */

import { hasSequence } from './shell/arguments.ts';
import type { ShellCommand } from './shell/script.ts';

/** `pip install`, `pip3 install`, `python -m pip install`; not pipenv. */
export function isPipInstall(command: ShellCommand): boolean {
  const name = command.name.value;
  if (name.startsWith('pip') && !name.startsWith('pipenv')) return hasSequence(command, ['install']);
  return name.startsWith('python') && hasSequence(command, ['-m', 'pip', 'install']);
}
