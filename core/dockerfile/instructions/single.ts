/**
 * Reading of USER, WORKDIR, STOPSIGNAL and MAINTAINER: the rest of the line is one argument.
 */

import { checkFlags } from '../flags.ts';
import type { InstructionBase, SingleInstruction } from '../types.ts';
import { wholeWord } from '../words.ts';
import { type ReadContext, refuseCount } from './spec.ts';

/** `placeholder` stands for the argument in the hint. */
export function readSingle(
  name: SingleInstruction['name'],
  placeholder: string,
  base: InstructionBase,
  context: ReadContext,
): SingleInstruction {
  const value = wholeWord(base.rest);
  if (value === undefined) {
    refuseCount(base, context, `${name} requires exactly one argument`, `${name} ${placeholder}`);
  }
  // Docker: flags of STOPSIGNAL are read and never checked (BuildKit 0.32, read).
  if (name !== 'STOPSIGNAL') checkFlags(base, [], context);
  return { ...base, name, value };
}
