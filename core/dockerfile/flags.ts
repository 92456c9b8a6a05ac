/**
 * `--name=value` between the keyword and the arguments: reading them, and checking them against what an instruction allows.
 * Follows BuildKit's split_command.go (reading) and instructions/bflag.go (checking).
 */

import { isSpace, skipSpace } from './blanks.ts';
import type { FlagSpec, ReadContext } from './instructions/spec.ts';
import { suggestion } from './suggestion.ts';
import type { Flag, InstructionBase, LogicalLine } from './types.ts';

export interface ReadFlags {
  readonly flags: readonly Flag[];
  /** Offset in the line's text where the arguments start. */
  readonly restStart: number;
}

/** Reads the flags at `start` of a line. A lone `--` ends them and belongs to nothing. */
export function readFlags(line: LogicalLine, start: number, escape: string): ReadFlags {
  const { text } = line;
  const first = skipSpace(text, start, text.length);
  if (!text.startsWith('--', first)) return { flags: NONE, restStart: first };
  const flags: Flag[] = [];
  let at = first;
  for (;;) {
    at = skipSpace(text, at, text.length);
    if (!text.startsWith('--', at)) return { flags, restStart: at };
    const word = readFlagWord(text, at, escape);
    if (word.text === '--') return { flags, restStart: word.end };
    flags.push(flagOf(line, at, word));
    at = word.end;
  }
}

const NONE: readonly never[] = [];

interface FlagWord {
  /** Quotes and escapes removed. */
  readonly text: string;
  readonly end: number;
}

function readFlagWord(text: string, start: number, escape: string): FlagWord {
  let plainEnd = start;
  while (plainEnd < text.length && !isSpace(text.charCodeAt(plainEnd))) plainEnd += 1;
  const plain = text.slice(start, plainEnd);
  // As nearly all are: no blank of it can be quoted or escaped.
  if (!/["'\\`]/.test(plain)) return { text: plain, end: plainEnd };
  let quote = '';
  let result = '';
  let at = start;
  for (; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (quote === '' && isSpace(text.charCodeAt(at))) break;
    if (char === quote) quote = '';
    else if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (char === escape) {
      at += 1;
      result += text.charAt(at);
    } else result += char;
  }
  return { text: result, end: Math.min(at, text.length) };
}

function flagOf(line: LogicalLine, start: number, word: FlagWord): Flag {
  const equals = word.text.indexOf('=');
  const writtenEquals = line.text.indexOf('=', start);
  const span = line.spanOf(start, word.end);
  if (equals < 0 || writtenEquals < 0 || writtenEquals >= word.end)
    return { name: word.text.slice(2).toLowerCase(), span, nameSpan: span };
  return {
    name: word.text.slice(2, equals).toLowerCase(),
    value: word.text.slice(equals + 1),
    span,
    nameSpan: line.spanOf(start, writtenEquals),
    valueSpan: line.spanOf(writtenEquals + 1, word.end),
  };
}

/** Reports what BuildKit refuses about the flags of an instruction: unknown, repeated, without value, not a boolean. */
export function checkFlags(base: InstructionBase, allowed: readonly FlagSpec[], context: ReadContext): void {
  if (base.flags.length === 0) return;
  const seen = new Set<string>();
  for (const flag of base.flags) {
    const written = context.text.slice(flag.nameSpan.start, flag.nameSpan.end).slice(2);
    const spec = allowed.find((candidate) => candidate.name === flag.name);
    if (spec === undefined || (written !== spec.name && written.toLowerCase() === spec.name)) {
      unknownFlag(base, flag, spec === undefined ? flag.name : written, allowed, context);
      continue;
    }
    if (seen.has(flag.name) && spec.kind !== 'list') {
      context.refuse('E_DUPLICATE_FLAG', `duplicate flag specified: --${flag.name}`, flag.span, {
        hint: `--${flag.name} may be given once`,
      });
    }
    seen.add(flag.name);
    checkValue(flag, spec, context);
  }
}

function unknownFlag(
  base: InstructionBase,
  flag: Flag,
  written: string,
  allowed: readonly FlagSpec[],
  context: ReadContext,
): void {
  const names = allowed.map((spec) => spec.name);
  const meant = suggestion(written, names, 'case-sensitive');
  const known = names.length === 0 ? 'no flags' : names.map((name) => `--${name}`).join(', ');
  const hint = meant === undefined ? `${base.keyword} knows ${known}` : `did you mean --${meant}?`;
  const instead = meant === undefined ? {} : { instead: `--${meant}` };
  context.refuse('E_UNKNOWN_FLAG', `unknown flag: --${written}`, flag.nameSpan, { hint, ...instead });
}

function checkValue(flag: Flag, spec: FlagSpec, context: ReadContext): void {
  const { value } = flag;
  if (spec.kind !== 'boolean') {
    if (value === undefined) missingValue(flag, `write --${flag.name}=…`, context);
    return;
  }
  if (value === '') missingValue(flag, `write --${flag.name} or --${flag.name}=true`, context);
  else if (value !== undefined && !['true', 'false'].includes(value.toLowerCase())) {
    const message = `expecting boolean value for flag --${flag.name}, not: ${value}`;
    context.refuse('E_FLAG_VALUE', message, flag.valueSpan ?? flag.span, { hint: 'true or false' });
  }
}

function missingValue(flag: Flag, hint: string, context: ReadContext): void {
  context.refuse('E_FLAG_VALUE_MISSING', `missing a value on flag: --${flag.name}`, flag.span, { hint });
}
