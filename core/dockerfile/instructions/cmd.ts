/**
 * CMD: what a container runs, or the arguments of its ENTRYPOINT.
 */

import { readCommandInstruction } from './commands.ts';
import type { InstructionSpec } from './spec.ts';

export const cmd: InstructionSpec = {
  name: 'CMD',
  syntax: ['CMD ["<program>", "<argument>", …]', 'CMD <shell command>'],
  summary:
    'The default command of containers, or the default arguments of ENTRYPOINT. The last one of a stage counts; arguments of `docker run` replace it.',
  flags: [],
  hasHeredocs: false,
  read: (base, context) => readCommandInstruction('CMD', base, context),
};
