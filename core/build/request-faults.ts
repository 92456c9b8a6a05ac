/** Problems of a plan that stand in the request and not in the Dockerfile: they have no line. */

import type { Problem } from '../source.ts';

const CODES: ReadonlySet<string> = new Set(['E_TARGET', 'E_CHECK_ARG']);

export function isOfRequest({ code }: Problem): boolean {
  return CODES.has(code);
}
