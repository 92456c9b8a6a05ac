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

/** Keeps the engine's words; `body` is JSON with a `message` and perhaps the `hint` it ends with, or text. Other 4xx are "invalid-argument", other 5xx "internal". */
export function engineError(status: number, body: string, path: string): NaruError {
  const kind = KINDS.get(status) ?? (status < 500 ? 'invalid-argument' : 'internal');
  const { message = '', hint } = toldIn(body);
  const told = message || `the engine answered ${status} to ${path}`;
  const code = `E_ENGINE_${status}`;
  const end = `: ${hint}`;
  if (hint === undefined || !told.endsWith(end)) return new NaruError(kind, code, told);
  return new NaruError(kind, code, told.slice(0, -end.length), { hint });
}

function toldIn(body: string): { readonly message?: string; readonly hint?: string } {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null || !('message' in value)) return {};
    const message = String(value.message);
    return 'hint' in value ? { message, hint: String(value.hint) } : { message };
  } catch {
    return { message: body.trim().slice(0, 2000) };
  }
}
