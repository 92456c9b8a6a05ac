/**
 * Reading that CMD and ENTRYPOINT share.
 */

import { checkFlags } from '../flags.ts';
import type { CommandInstruction, InstructionBase } from '../types.ts';
import { readCommand } from './command-form.ts';
import type { ReadContext } from './spec.ts';

/** Any command is accepted, also none: it takes back what the base image set. */
export function readCommandInstruction(
  name: 'CMD' | 'ENTRYPOINT',
  base: InstructionBase,
  context: ReadContext,
): CommandInstruction {
  checkFlags(base, [], context);
  return { ...base, name, command: readCommand(base.rest, context) };
}
