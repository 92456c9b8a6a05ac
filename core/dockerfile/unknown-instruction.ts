/** What was meant by a keyword that is none. */

import { INSTRUCTIONS, instructionSpec } from './instructions/index.ts';
import { suggestion } from './suggestion.ts';

export interface MeantInstruction {
  /** What to do about it, as a sentence without its end. */
  readonly hint: string;
  /** Text for the place of the keyword, in its case. */
  readonly instead?: string;
  /** In the case of the keyword. */
  readonly name?: string;
}

/** `isFirst`: no instruction stands above that might go on here. */
export function meantInstruction(keyword: string, isFirst: boolean, escape: string): MeantInstruction {
  const names = INSTRUCTIONS.map(({ name }) => name);
  const [, name = '', mark = '', rest = ''] = /^([a-z]+)([^\w])(.*)$/is.exec(keyword) ?? [];
  if (instructionSpec(name) !== undefined) {
    // A mark that belongs to no argument goes.
    const argument = /[:=,;]/.test(mark) ? rest : `${mark}${rest}`;
    if (argument === '') return { name, instead: name, hint: `did you mean ${name}?` };
    const instead = `${name} ${argument}`;
    return { name, instead, hint: `write a blank behind ${name}: ${instead}` };
  }
  const near = suggestion(keyword, names, 'case-insensitive');
  if (near !== undefined) {
    const name = keyword === keyword.toLowerCase() ? near.toLowerCase() : near;
    return { name, instead: name, hint: `did you mean ${near}?` };
  }
  return {
    hint: isFirst
      ? 'a line begins with an instruction, such as COPY, RUN or WORKDIR'
      : `an instruction begins here: the line above may lack its ${escape} at the end`,
  };
}
