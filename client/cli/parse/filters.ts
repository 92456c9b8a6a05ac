/** `--filter name=value`, several times, into what the Engine API takes. */

import { NaruError } from '../../../core/errors.ts';

/** Values by name, in the order given. @throws NaruError "invalid-argument" for what has no `=` */
export function parseFilters(texts: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const filters: Record<string, string[]> = {};
  for (const text of texts) {
    const at = text.indexOf('=');
    if (at <= 0) {
      throw new NaruError(
        'invalid-argument',
        'E_FILTER',
        `--filter: ${JSON.stringify(text)} is not name=value`,
        {
          hint: 'write --filter status=exited, or --filter label=a=b',
        },
      );
    }
    (filters[text.slice(0, at).trim().toLowerCase()] ??= []).push(text.slice(at + 1).trim());
  }
  return filters;
}
