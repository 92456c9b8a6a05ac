/** The names in `skip=` of `# check=`, with their places: at the top of the file and above instructions. */

import { readCheckOptions } from '../dockerfile/check-options.ts';
import type { Comment, Dockerfile } from '../dockerfile/types.ts';
import type { Span } from '../source.ts';
import type { PragmaId } from './pragmas.ts';

/** In file order. Comments that BuildKit refuses, and `all`, name nothing. */
export function skippedChecks(dockerfile: Dockerfile): readonly PragmaId[] {
  const { comments, directives, instructions, text } = dockerfile;
  const top = directives.find(({ name }) => name === 'check');
  const places = top === undefined ? [] : [top.valueSpan];
  // Most files have none.
  for (const { commentsAbove } of comments.some(isCheck) ? instructions : []) {
    const comment = commentsAbove.find(isCheck);
    if (comment === undefined) continue;
    const equals = text.indexOf('=', comment.span.start) + 1;
    const nBlanks = /^\s*/.exec(text.slice(equals, comment.span.end))?.[0].length ?? 0;
    places.push({ start: equals + nBlanks, end: comment.span.end });
  }
  return places.flatMap((place) => namesIn(text, place));
}

function isCheck({ text }: Comment): boolean {
  return /^check\s*=\s*\S/i.test(text);
}

/** A blank ends the value, so that a remark may follow. */
function namesIn(source: string, { end, start }: Span): readonly PragmaId[] {
  const value = /^\S*/.exec(source.slice(start, end))?.[0] ?? '';
  const { skip } = readCheckOptions(value).options;
  if (skip === 'all') return [];
  return [...value.matchAll(/[^,;=]+/g)].flatMap(({ 0: id, index }) => {
    const at = start + index;
    return skip.has(id) ? [{ id, span: { start: at, end: at + id.length } }] : [];
  });
}
