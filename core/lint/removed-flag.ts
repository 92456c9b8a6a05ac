/** The fix that takes a flag out of an instruction, with the blanks behind it. */

import type { Flag } from '../dockerfile/types.ts';
import type { Fix } from './rule.ts';

/** A continuation after the flag stays where it is. */
export function removedFlag(text: string, flag: Flag): Fix {
  let { end } = flag.span;
  while (text[end] === ' ' || text[end] === '\t') end += 1;
  return { title: `Remove --${flag.name}`, edits: [{ span: { start: flag.span.start, end }, text: '' }] };
}
