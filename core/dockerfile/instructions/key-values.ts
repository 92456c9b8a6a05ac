/**
 * The `name=value …` of ENV and LABEL, and their old form `name value`.
 */

import { goQuote } from '../go-quote.ts';
import { isSeparator } from '../blanks.ts';
import { checkFlags } from '../flags.ts';
import type { EnvInstruction, InstructionBase, KeyValue } from '../types.ts';
import { type Range, quotedRanges, splitAtEquals, wordAt } from '../words.ts';
import { type ReadContext, refuseCount } from './spec.ts';

/** Reads the pairs and reports what BuildKit refuses. A word without `=` makes the first word decide: without `=` it is the old form. */
export function readKeyValues<Name extends 'ENV' | 'LABEL'>(
  name: Name,
  base: InstructionBase,
  context: ReadContext,
): EnvInstruction {
  checkFlags(base, [], context);
  const ranges = quotedRanges(base.rest, context.escape);
  const first = ranges[0];
  if (first === undefined) {
    refuseCount(base, context, `${name} requires at least one argument`, `${name} <name>=<value>`);
    return { ...base, name, pairs: [] };
  }
  const isLegacy = !base.rest.text.slice(first.start, first.end).includes('=');
  const pairs = isLegacy ? legacyPair(name, base, context) : modernPairs(base, ranges, context);
  for (const { key } of pairs) {
    if (key.text !== '') continue;
    const hint = 'write a name before the =';
    context.refuse('E_BLANK_NAME', `${name} names can not be blank`, key.span, { hint });
  }
  return { ...base, name, pairs };
}

/** The old form: the rest of the line is the value, quotes and all. */
function legacyPair(name: string, base: InstructionBase, context: ReadContext): readonly KeyValue[] {
  const { text } = base.rest;
  let keyEnd = 0;
  while (keyEnd < text.length && !isSeparator(text.charCodeAt(keyEnd))) keyEnd += 1;
  const key = wordAt(base.rest, 0, keyEnd);
  if (keyEnd === text.length) {
    context.reject('E_ARGUMENT_COUNT', `${name} must have two arguments`, key.span, {
      hint: `${name} ${key.text}=<value>`,
    });
  }
  let valueStart = keyEnd;
  while (valueStart < text.length && isSeparator(text.charCodeAt(valueStart))) valueStart += 1;
  return [{ key, value: wordAt(base.rest, valueStart, text.length), isLegacy: true }];
}

function modernPairs(
  base: InstructionBase,
  ranges: readonly Range[],
  context: ReadContext,
): readonly KeyValue[] {
  const pairs: KeyValue[] = [];
  for (const range of ranges) {
    const { key, value } = splitAtEquals(base.rest, range);
    if (value !== undefined) {
      pairs.push({ key, value, isLegacy: false });
      continue;
    }
    const message = `Syntax error - can't find = in ${goQuote(key.text)}. Must be of the form: name=value`;
    context.reject('E_EQUALS_MISSING', message, key.span, { hint: 'quote a value that holds blanks' });
  }
  return pairs;
}
