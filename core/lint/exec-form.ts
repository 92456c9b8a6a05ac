/** The JSON array of an instruction that starts a program. */

import type { CommandForm, Instruction } from '../dockerfile/types.ts';

/** Undefined for other instructions and for the shell form. */
export function execForm(instruction: Instruction): Extract<CommandForm, { kind: 'exec' }> | undefined {
  const isStart =
    instruction.name === 'CMD' || instruction.name === 'ENTRYPOINT' || instruction.name === 'RUN';
  const command = isStart || instruction.name === 'HEALTHCHECK' ? instruction.command : undefined;
  return command?.kind === 'exec' ? command : undefined;
}
