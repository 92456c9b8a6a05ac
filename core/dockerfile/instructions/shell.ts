/**
 * SHELL: what runs the shell forms that follow.
 */

import { checkFlags } from '../flags.ts';
import { isEmptyCommand, readCommand } from './command-form.ts';
import { type InstructionSpec, refuseCount } from './spec.ts';

export const shell: InstructionSpec = {
  name: 'SHELL',
  syntax: ['SHELL ["<program>", "<argument>", …]'],
  summary:
    'The shell that runs the shell forms of RUN, CMD and ENTRYPOINT from here on. On Linux it is `["/bin/sh", "-c"]` until set.',
  flags: [],
  hasHeredocs: false,
  read(base, context) {
    checkFlags(base, [], context);
    const command = readCommand(base.rest, context);
    if (isEmptyCommand(command)) {
      refuseCount(base, context, 'SHELL requires at least one argument', 'SHELL ["/bin/sh", "-c"]');
    } else if (command.kind === 'shell') {
      const message = 'SHELL requires the arguments to be in JSON form';
      context.refuse('E_JSON_REQUIRED', message, base.rest.span, { hint: 'SHELL ["/bin/sh", "-c"]' });
    }
    return { ...base, name: 'SHELL', command };
  },
};
