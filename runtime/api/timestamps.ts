/** Points in time as Docker's clients send them: Unix seconds with up to nine decimals, or RFC 3339. */

import { NaruError } from '../../core/errors.ts';

/** The last second that a Date can hold. */
const MAX_SECONDS = 8_640_000_000_000n;

/** Undefined for '' and 0. @throws invalid-argument */
export function instantOf(name: string, text: string): Date | undefined {
  const ns = instantNsOf(name, text);
  return ns === undefined ? undefined : new Date(Number(ns / 1_000_000n));
}

/** Nanoseconds since the epoch; undefined for '' and 0. @throws invalid-argument */
export function instantNsOf(name: string, text: string): bigint | undefined {
  if (text === '' || text === '0') return undefined;
  const found = /^(\d+)(?:\.(\d{1,9}))?$/.exec(text);
  if (found !== null) {
    const [, seconds = '0', decimals = ''] = found;
    if (BigInt(seconds) > MAX_SECONDS) throw noTime(name, text);
    return BigInt(seconds) * 1_000_000_000n + BigInt(decimals.padEnd(9, '0'));
  }
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw noTime(name, text);
  return BigInt(ms) * 1_000_000n;
}

function noTime(name: string, text: string): NaruError {
  const message = `invalid value for ${JSON.stringify(name)}: ${JSON.stringify(text)} is not a time`;
  return new NaruError('invalid-argument', 'E_TIME', message);
}
