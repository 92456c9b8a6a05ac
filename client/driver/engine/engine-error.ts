/** The one place where an engine's error answers become NaruErrors. */

import { type ErrorKind, NaruError } from '../../../core/errors.ts';

const KINDS: ReadonlyMap<number, ErrorKind> = new Map([
  [304, 'not-modified'],
  [400, 'invalid-argument'],
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [404, 'not-found'],
  [409, 'conflict'],
  [501, 'unimplemented'],
  [503, 'unavailable'],
]);

/** Keeps the engine's words; `body` is JSON with a `message`, or text. Other 4xx are "invalid-argument", other 5xx "internal". */
export function engineError(status: number, body: string, path: string): NaruError {
  const kind = KINDS.get(status) ?? (status < 500 ? 'invalid-argument' : 'internal');
  const message = messageOf(body) || `the engine answered ${status} to ${path}`;
  return new NaruError(kind, `E_ENGINE_${status}`, message);
}

function messageOf(body: string): string {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null && 'message' in value) return String(value.message);
    return '';
  } catch {
    return body.trim().slice(0, 2000);
  }
}
