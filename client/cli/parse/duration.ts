/** Spans of time as Go writes them: `10m`, `1h30m`, `1.5s`, `300ms`. Source: pkg.go.dev/time#ParseDuration. */

import { NaruError } from '../../../core/errors.ts';

const MILLISECONDS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Milliseconds; undefined for what is no duration. */
export function readDuration(text: string): number | undefined {
  const match = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+|0)$/.exec(text);
  if (match === null) return undefined;
  let sum = 0;
  for (const [, number, unit] of (match[2] ?? '').matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    sum += Number(number) * (MILLISECONDS[unit ?? ''] ?? 0);
  }
  return match[1] === '-' ? -sum : sum;
}

/** Milliseconds. @throws NaruError "invalid-argument" naming the option */
export function parseDuration(option: string, text: string): number {
  const durationMs = readDuration(text);
  if (durationMs !== undefined) return durationMs;
  throw new NaruError(
    'invalid-argument',
    'E_DURATION',
    `${option}: ${JSON.stringify(text)} is not a duration`,
    {
      hint: 'write a number with ms, s, m or h, such as 30s or 1h30m',
    },
  );
}
