/** `# …` behind an instruction, where no comment can stand: builders take its words for the instruction's. */

import { quotedLines } from '../dockerfile/quoted-lines.ts';
import type { Dockerfile, Instruction } from '../dockerfile/types.ts';
import type { Span } from '../source.ts';

/** In the text of a command the shell knows comments. */
const HAS_NONE: ReadonlySet<string> = new Set([
  'ADD',
  'ARG',
  'COPY',
  'ENV',
  'EXPOSE',
  'FROM',
  'LABEL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
]);

/** Longer ones nobody wrote, and a pattern would take too much for them. */
const MAX_LINE = 10_000;

/** From the `#` to the end of what is written in its line; undefined when there is none. */
export function trailingComment(dockerfile: Dockerfile, instruction: Instruction): Span | undefined {
  if (!HAS_NONE.has(instruction.name)) return undefined;
  const { lines, text } = dockerfile;
  const quoted = quotedLines(dockerfile, instruction);
  const last = lines.positionAt(instruction.rest.span.end).line;
  for (let { line } = instruction; line <= last; line += 1) {
    const { start, end } = lines.lineSpan(line);
    const content = text.slice(start, end);
    if (/^\s*#/.test(content) || quoted.has(line) || content.length > MAX_LINE) continue;
    // Quotes before it have to be closed.
    const found = /^((?:[^"'#\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*'|(?<=\S)#)*\s)#(?=\s|$)/.exec(content);
    if (found?.[1] === undefined) continue;
    // What continues the line is no part of it.
    const tail = line < last ? (/\s*[\\`]\s*$/.exec(content)?.[0].length ?? 0) : 0;
    return { start: start + found[1].length, end: end - tail };
  }
  return undefined;
}
