/**
 * Sources and destination of COPY and ADD.
 */

import { heredocWord } from '../heredocs.ts';
import { checkFlags } from '../flags.ts';
import type { CopyInstruction, InstructionBase, Word } from '../types.ts';
import { jsonArray, plainWords } from '../words.ts';
import { rejectNotStrings } from './command-form.ts';
import { type FlagSpec, type ReadContext, refuseCount } from './spec.ts';

/** Flags that COPY and ADD share. */
export const COPY_FLAGS: readonly FlagSpec[] = [
  {
    name: 'chown',
    kind: 'string',
    summary:
      'Owner of the files in the image, `user[:group]`, names or numbers. Names are looked up in the image.',
  },
  {
    name: 'chmod',
    kind: 'string',
    summary: 'Mode of the files in the image, octal (`755`) or symbolic (`u+x,go=r`).',
  },
  {
    name: 'link',
    kind: 'boolean',
    summary:
      'Put the files into a layer of their own that does not depend on the layers below; it stays cached when those change.',
    values: [
      { value: 'true', summary: 'The same as the flag alone.' },
      { value: 'false', summary: 'The default.' },
    ],
  },
  {
    name: 'exclude',
    kind: 'list',
    summary: 'Leave out the sources that match this pattern. May be repeated.',
  },
];

/** Reads the arguments and reports what BuildKit refuses, in its order: count, flags, destination. */
export function readCopy<Name extends 'COPY' | 'ADD'>(
  name: Name,
  flags: readonly FlagSpec[],
  base: InstructionBase,
  context: ReadContext,
): CopyInstruction {
  const array = jsonArray(base.rest);
  if (array.kind === 'not-strings') rejectNotStrings(base.rest, context);
  const words: readonly Word[] = array.kind === 'strings' ? array.words : plainWords(base.rest);
  if (words.length < 2 && array.kind !== 'not-strings') {
    const message = `${name} requires at least two arguments, but only one was provided. Destination could not be determined`;
    refuseCount(base, context, message, `${name} <source>… <destination>`);
  }
  checkFlags(base, flags, context);
  const destination = words.length < 2 ? undefined : words.at(-1);
  if (destination !== undefined && heredocWord(destination.text) !== undefined) {
    const message = `${name} cannot accept a heredoc as a destination`;
    context.refuse('E_HEREDOC_DESTINATION', message, destination.span, {
      hint: 'write the destination path last',
    });
  }
  const sources = words.length < 2 ? words : words.slice(0, -1);
  return { ...base, name, sources, destination, isJson: array.kind === 'strings' };
}
