/** Instructions that the line above takes for its own, because it still ends with a backslash. */

import { quotedLines } from '../dockerfile/quoted-lines.ts';
import type { Dockerfile, Instruction } from '../dockerfile/types.ts';
import type { Span } from '../source.ts';
import type { LintContext } from './rule.ts';

export interface Swallowed {
  readonly keyword: string;
  readonly span: Span;
  /** What has to go from the line above: the backslash, and the operator before it. */
  readonly cut: Span;
}

/** Capitals: words in lower case are commands and arguments (`env`, `user`). */
const BEGINS =
  /^[ \t]*(FROM|RUN|COPY|ADD|ENV|ARG|LABEL|WORKDIR|USER|EXPOSE|VOLUME|CMD|ENTRYPOINT|HEALTHCHECK|ONBUILD|STOPSIGNAL|SHELL)[ \t]+\S/;

/** In file order. */
export function swallowedInstructions(
  dockerfile: Dockerfile,
  instruction: Instruction,
): readonly Swallowed[] {
  // A trigger may stand in a line of its own.
  if (instruction.name === 'UNKNOWN' || instruction.name === 'ONBUILD') return [];
  const { lines, text } = dockerfile;
  const last = lines.positionAt(instruction.rest.span.end).line;
  if (last === instruction.line) return [];
  const found: Swallowed[] = [];
  const quoted = quotedLines(dockerfile, instruction);
  let above = lines.lineSpan(instruction.line);
  for (let line = instruction.line + 1; line <= last; line += 1) {
    const span = lines.lineSpan(line);
    const content = text.slice(span.start, span.end);
    if (/^\s*(?:#|$)/.test(content)) continue;
    const keyword = quoted.has(line) ? undefined : BEGINS.exec(content)?.[1];
    const start = span.start + content.indexOf(keyword ?? '');
    if (keyword !== undefined && !isOwnWord(instruction, start)) {
      found.push({ keyword, span: { start, end: start + keyword.length }, cut: cutOf(text, above) });
    }
    above = span;
  }
  return found;
}

/** The CMD of a health check, wherever its flags end, and the value of `ENV key value`. */
function isOwnWord(instruction: Instruction, start: number): boolean {
  if (instruction.name === 'ENV' || instruction.name === 'LABEL')
    return instruction.pairs.some(({ isLegacy, value }) => isLegacy && value.span.start === start);
  return instruction.name === 'HEALTHCHECK' && instruction.type?.span.start === start;
}

function cutOf(text: string, above: Span): Span {
  const content = text.slice(above.start, above.end);
  const end = /(?:\s*(?:&&|;))?\s*[\\`]\s*$/.exec(content);
  return { start: above.start + (end?.index ?? content.length), end: above.end };
}

/** Lines that belong to no instruction of their own: from the first that is swallowed to the end of the one above. */
export function swallowedSpans({ dockerfile }: Pick<LintContext, 'dockerfile'>): readonly Span[] {
  return dockerfile.instructions.flatMap((instruction) => {
    const [first] = swallowedInstructions(dockerfile, instruction);
    return first === undefined ? [] : [{ start: first.cut.start, end: instruction.span.end }];
  });
}
