/** Query parameters as dockerd reads them (api/server/httputils/form.go): lenient booleans, integers, JSON filters. */

import { NaruError } from '../../core/errors.ts';

export interface Query {
  /** '' when absent. */
  text(name: string): string;
  has(name: string): boolean;
  /** Every value of a repeated parameter, in order. */
  all(name: string): readonly string[];
  /** False for absent, '', 0, no, false and none, whatever the case; anything else is true. */
  flag(name: string): boolean;
  /** As `flag`, with another answer when absent. */
  flagOr(name: string, absent: boolean): boolean;
  /** @throws invalid-argument when it is not a whole number */
  integer(name: string): number | undefined;
  /** `filters={"label":["a=b"]}`, also in the old form `{"label":{"a=b":true}}`. @throws invalid-argument */
  filters(): Filters;
}

/** Filter name to its values; an absent filter accepts everything. */
export type Filters = ReadonlyMap<string, readonly string[]>;

export function readQuery(params: URLSearchParams): Query {
  function text(name: string): string {
    return params.get(name) ?? '';
  }
  function flag(name: string): boolean {
    return !['', '0', 'no', 'false', 'none'].includes(text(name).trim().toLowerCase());
  }
  return {
    text,
    flag,
    has: (name) => params.has(name),
    all: (name) => params.getAll(name),
    flagOr: (name, absent) => (params.has(name) ? flag(name) : absent),
    integer: (name) => readInteger(name, text(name)),
    filters: () => readFilters(text('filters')),
  };
}

function readInteger(name: string, text: string): number | undefined {
  if (text === '') return undefined;
  if (!/^[+-]?\d+$/.test(text)) {
    throw new NaruError(
      'invalid-argument',
      'E_QUERY',
      `invalid value ${JSON.stringify(text)} for ${name}: not a number`,
    );
  }
  return Number(text);
}

/** Reads the `filters` parameter; '' is no filter. */
export function readFilters(text: string): Filters {
  const filters = new Map<string, readonly string[]>();
  if (text === '') return filters;
  const wrong = new NaruError('invalid-argument', 'E_FILTERS', `invalid filter ${JSON.stringify(text)}`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw wrong;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw wrong;
  for (const [name, given] of Object.entries(parsed)) {
    if (Array.isArray(given)) filters.set(name, given.map(String));
    else if (typeof given === 'object' && given !== null) filters.set(name, Object.keys(given));
    else throw wrong;
  }
  return filters;
}

/** @throws invalid-argument in Docker's words for a filter the resource does not have */
export function requireKnownFilters(filters: Filters, known: readonly string[]): void {
  for (const name of filters.keys()) {
    if (!known.includes(name))
      throw new NaruError('invalid-argument', 'E_FILTERS', `invalid filter '${name}'`);
  }
}
