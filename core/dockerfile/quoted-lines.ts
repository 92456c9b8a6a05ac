/** Quotes that go over the lines of an instruction. */

import type { Dockerfile, Instruction } from './types.ts';

/** Lines that begin inside quotes: their blanks are content. */
export function quotedLines(dockerfile: Dockerfile, instruction: Instruction): ReadonlySet<number> {
  const quoted = new Set<number>();
  const { text, escape } = dockerfile;
  let quote = '';
  let { line } = instruction;
  for (let at = instruction.keywordSpan.end; at < instruction.rest.span.end; at += 1) {
    const character = text[at] ?? '';
    if (character === '\n') {
      line += 1;
      if (quote !== '') quoted.add(line);
    } else if (character === escape && quote !== "'" && text[at + 1] !== '\n' && text[at + 1] !== '\r')
      at += 1;
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
  }
  return quoted;
}
