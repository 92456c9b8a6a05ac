/**
 * ENTRYPOINT: the program a container is.
 */

import { readCommandInstruction } from './commands.ts';
import type { InstructionSpec } from './spec.ts';

export const entrypoint: InstructionSpec = {
  name: 'ENTRYPOINT',
  syntax: ['ENTRYPOINT ["<program>", "<argument>", …]', 'ENTRYPOINT <shell command>'],
  summary:
    'The program containers run; CMD or the arguments of `docker run` are appended. In shell form they are ignored and signals reach the shell.',
  flags: [],
  hasHeredocs: false,
  read: (base, context) => readCommandInstruction('ENTRYPOINT', base, context),
};
