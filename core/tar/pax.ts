/**
 * Pax extended header records: `LENGTH KEY=VALUE\n`, where LENGTH counts itself. POSIX.1-2017 pax §"pax Extended Header".
 * Extended attributes travel as `SCHILY.xattr.NAME` with raw bytes, as star, GNU tar and Go write them.
 */

import { tarError } from './entry.ts';

export const XATTR_PREFIX = 'SCHILY.xattr.';

/** Records in archive order; of a repeated key the last one counts. @throws NaruError "invalid-argument" E_TAR_PAX */
export function parsePax(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const records = new Map<string, Uint8Array>();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const digits = space < 0 || space - at > 10 ? '' : latin1(bytes, at, space);
    const end = at + Number(digits);
    if (!/^[1-9][0-9]*$/.test(digits) || end > bytes.length || bytes[end - 1] !== 0x0a) {
      throw tarError('E_TAR_PAX', 'a pax record has a wrong length');
    }
    const equals = bytes.indexOf(0x3d, space);
    if (equals <= space + 1 || equals >= end) throw tarError('E_TAR_PAX', 'a pax record has no key');
    const key = Buffer.from(bytes.subarray(space + 1, equals)).toString('utf8');
    records.set(key, Uint8Array.from(bytes.subarray(equals + 1, end - 1)));
    at = end;
  }
  return records;
}

/** Records sorted by key, so that equal maps give equal bytes. */
export function encodePax(records: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const sorted = [...records].map(([key, value]) => ({ key: Buffer.from(key), value }));
  sorted.sort((a, b) => Buffer.compare(a.key, b.key));
  return Buffer.concat(sorted.map(({ key, value }) => record(key, value)));
}

/** Decimal seconds with up to nine digits of fraction. @throws NaruError "invalid-argument" E_TAR_PAX */
export function parsePaxTime(text: string): bigint {
  const match = /^(-?)([0-9]{1,19})(?:\.([0-9]*))?$/.exec(text);
  if (match === null) throw tarError('E_TAR_PAX', `${JSON.stringify(text)} is not a time`);
  const fraction = (match[3] ?? '').slice(0, 9).padEnd(9, '0');
  const nanoseconds = BigInt(match[2] ?? '0') * 1_000_000_000n + BigInt(fraction);
  return match[1] === '-' ? -nanoseconds : nanoseconds;
}

/** The shortest text that `parsePaxTime` reads back. */
export function formatPaxTime(ns: bigint): string {
  const size = ns < 0n ? -ns : ns;
  const fraction = (size % 1_000_000_000n).toString().padStart(9, '0').replace(/0+$/, '');
  return `${ns < 0n ? '-' : ''}${size / 1_000_000_000n}${fraction === '' ? '' : `.${fraction}`}`;
}

/** A non-negative decimal integer. @throws NaruError "invalid-argument" E_TAR_PAX */
export function parsePaxNumber(text: string): number {
  const value = Number(text);
  if (!/^[0-9]+$/.test(text) || !Number.isSafeInteger(value)) {
    throw tarError('E_TAR_PAX', `${JSON.stringify(text)} is not a number`);
  }
  return value;
}

function record(key: Uint8Array, value: Uint8Array): Uint8Array {
  const rest = key.length + value.length + 3;
  let length = rest + String(rest).length;
  if (String(length).length > String(rest).length) length = rest + String(length).length;
  return Buffer.concat([Buffer.from(`${length} `), key, Buffer.from('='), value, Buffer.from('\n')]);
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
