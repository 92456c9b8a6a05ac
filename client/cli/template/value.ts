/** Values of a template, as Go's text/template sees what JSON holds: how they print, and which count as false. */

/** A field that is not there: false in a condition, an error when it is to be printed. */
export class Missing {
  readonly name: string;
  /** What the object has instead. */
  readonly known: readonly string[];

  constructor(name: string, known: readonly string[]) {
    this.name = name;
    this.known = known;
  }
}

/** What docker has a place for and no value: `<nil>`, and `null` as JSON. */
export const NIL = { toJSON: () => null } as const;

/** One line of a list. Docker escapes <, > and & in the JSON of a whole row, and of nothing else (docker 28.5.2). */
export class Row {
  constructor(fields: Iterable<readonly [string, unknown]>) {
    Object.assign(this, Object.fromEntries(fields));
  }
}

export type TemplateFunction = (...values: readonly unknown[]) => unknown;

/** Zero, empty, nil, and what is not there. */
export function isTrue(value: unknown): boolean {
  if (value === undefined || value === null || value === NIL || value instanceof Missing) return false;
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object') return Object.keys(value).length > 0;
  return Boolean(value);
}

/** As Go's fmt.Print: `[a b]`, `map[k:v]` with sorted keys. */
export function printed(value: unknown, isInside = false): string {
  if (value === undefined || value === null) return isInside ? '<nil>' : '<no value>';
  if (value instanceof Missing) return '<no value>';
  if (value === NIL) return '<nil>';
  if (Array.isArray(value)) return `[${value.map((item) => printed(item, true)).join(' ')}]`;
  if (typeof value === 'object')
    return `map[${sortedEntries({ ...value })
      .map(([key, item]) => `${key}:${printed(item, true)}`)
      .join(' ')}]`;
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** In one line, the fields in the order in which the engine sends them. */
export function toJson(value: unknown): string {
  const json = JSON.stringify(value instanceof Missing ? null : value) ?? 'null';
  return value instanceof Row ? json.replaceAll(/[<>&]/g, unicodeEscape) : json;
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Go goes through maps in the order of their keys. */
export function sortedEntries<T>(value: Readonly<Record<string, T>>): readonly (readonly [string, T])[] {
  return Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
