/**
 * Reading that EXPOSE and VOLUME share.
 */

import type { InstructionBase, ListInstruction, Word } from '../types.ts';
import { checkFlags } from '../flags.ts';
import { type ReadContext, refuseCount } from './spec.ts';

/** Checks count and flags of a list of words. */
export function readList(
  name: 'EXPOSE' | 'VOLUME',
  base: InstructionBase,
  list: { readonly values: readonly Word[]; readonly isJson: boolean },
  context: ReadContext,
): ListInstruction {
  if (list.values.length === 0) {
    const hint = name === 'EXPOSE' ? 'EXPOSE <port>[/<protocol>]' : 'VOLUME <path>';
    refuseCount(base, context, `${name} requires at least one argument`, hint);
  }
  checkFlags(base, [], context);
  return { ...base, name, ...list };
}
