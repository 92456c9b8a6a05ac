/** Where an instruction names a stage, an image or a named context: FROM, `--from=` and the `from=` of a mount. */

import type { Span } from '../source.ts';
import type { Flag, Instruction } from './types.ts';

export interface StageReference {
  /** As written. */
  readonly name: string;
  readonly span: Span;
}

/** In file order. Whether a name is a stage of this file is for the caller to find out. */
export function stageReferences(instruction: Instruction): readonly StageReference[] {
  if (instruction.name === 'FROM') {
    return instruction.image === undefined
      ? []
      : [{ name: instruction.image.text, span: instruction.image.span }];
  }
  if (instruction.name === 'COPY')
    return instruction.flags.flatMap((flag) => (flag.name === 'from' ? wholeValue(flag) : NONE));
  if (instruction.name === 'RUN')
    return instruction.flags.flatMap((flag) => (flag.name === 'mount' ? mountFrom(flag) : NONE));
  return NONE;
}

const NONE: readonly never[] = [];

function wholeValue(flag: Flag): readonly StageReference[] {
  if (flag.value === undefined || flag.valueSpan === undefined) return [];
  return [{ name: flag.value, span: flag.valueSpan }];
}

/** `type=bind,from=build,…`: the spans are exact as long as the value is written on one line, as it always is. */
function mountFrom(flag: Flag): readonly StageReference[] {
  if (flag.value === undefined || flag.valueSpan === undefined) return [];
  const match = /(?:^|,)from=([^,]+)/.exec(flag.value);
  if (match?.[1] === undefined) return NONE;
  const start = flag.valueSpan.start + match.index + match[0].length - match[1].length;
  return [{ name: match[1], span: { start, end: start + match[1].length } }];
}
