/** Bridges the two spellings of "absent": wire values that may be undefined, and options whose key must be missing then. */

/** `T` with every key required to be mentioned, and undefined allowed where `T` has an optional key. */
export type Mentioned<T> = {
  readonly [K in keyof T]-?: object extends Pick<T, K> ? T[K] | undefined : T[K];
};

/** The fields without those that are undefined. */
export function present<T extends object>(fields: Mentioned<T>): T {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as T; // optional keys are absent, required ones cannot be undefined by Mentioned
}

/** Docker's zero values mean "not given": '', 0, false and empty lists and maps answer undefined. */
export function given<T>(value: T): T | undefined {
  if (value === '' || value === 0 || value === false || value === null) return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value;
  if (typeof value === 'object' && Object.keys(value as object).length === 0) return undefined; // null was excluded above
  return value;
}
