/**
 * Durations as Go's time.ParseDuration reads them: `1h30m`, `1.5s`, `300ms`, `-5s`.
 */

import { goQuote } from './go-quote.ts';

const UNIT_NANOSECONDS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

export type ParsedDuration =
  | { readonly kind: 'duration'; readonly ms: number }
  | { readonly kind: 'fault'; readonly message: string };

/** Milliseconds, or why it is no duration, in Go's words. */
export function parseDuration(text: string): ParsedDuration {
  const quoted = goQuote(text);
  const invalid: ParsedDuration = { kind: 'fault', message: `time: invalid duration ${quoted}` };
  const sign = text.startsWith('-') ? -1 : 1;
  let rest = /^[+-]/.test(text) ? text.slice(1) : text;
  if (rest === '0') return { kind: 'duration', ms: 0 };
  if (rest === '') return invalid;
  let nanoseconds = 0;
  while (rest !== '') {
    const number = /^(?:\d+\.?\d*|\.\d+)/.exec(rest)?.[0];
    if (number === undefined) return invalid;
    rest = rest.slice(number.length);
    const unit = /^[^0-9.]*/.exec(rest)?.[0] ?? '';
    if (unit === '') return { kind: 'fault', message: `time: missing unit in duration ${quoted}` };
    const scale = UNIT_NANOSECONDS[unit];
    if (scale === undefined) {
      return { kind: 'fault', message: `time: unknown unit ${goQuote(unit)} in duration ${quoted}` };
    }
    nanoseconds += Number(number) * scale;
    rest = rest.slice(unit.length);
  }
  if (nanoseconds > 2 ** 63) return invalid;
  return { kind: 'duration', ms: (sign * Math.trunc(nanoseconds)) / 1e6 };
}

/** Why BuildKit refuses a duration; zero is accepted, other values below a millisecond are not (`tooShort` is then the answer). */
export function durationFault(text: string, tooShort: string): string | undefined {
  const parsed = parseDuration(text);
  if (parsed.kind === 'fault') return parsed.message;
  return parsed.ms !== 0 && parsed.ms < 1 ? tooShort : undefined;
}
