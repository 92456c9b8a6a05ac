/** Filters that are yes or no (`dangling`, `is-task`, `all`), as dockerd 28.5.2 reads them: one value, in one of four spellings. */

import { NaruError } from '../../../core/errors.ts';

/** The one value; undefined when absent. @throws NaruError "invalid-argument" in Docker's words */
export function booleanFilter(
  filters: ReadonlyMap<string, readonly string[]>,
  name: string,
): boolean | undefined {
  const values = filters.get(name);
  if (values === undefined || values.length === 0) return undefined;
  const [value] = values;
  if (values.length === 1 && (value === 'true' || value === '1')) return true;
  if (values.length === 1 && (value === 'false' || value === '0')) return false;
  // Docker: the values as Go prints a list.
  throw new NaruError('invalid-argument', 'E_FILTERS', `invalid filter '${name}=[${values.join(' ')}]'`);
}
