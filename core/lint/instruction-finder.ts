/** Which instruction a place in the file belongs to. */

import type { Dockerfile, Instruction } from '../dockerfile/types.ts';
import type { Span } from '../source.ts';

/** Answers the instruction around the start of a span by halving, as instructions are in file order. */
export function instructionFinder({
  instructions,
}: Dockerfile): (place: { readonly span: Span }) => Instruction | undefined {
  return ({ span }) => {
    let low = 0;
    let high = instructions.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((instructions[middle]?.span.start ?? 0) <= span.start) low = middle;
      else high = middle - 1;
    }
    const found = instructions[low];
    const isInside = found !== undefined && found.span.start <= span.start && span.start <= found.span.end;
    return isInside ? found : undefined;
  };
}
