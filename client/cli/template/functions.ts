/** Functions of a template: Go's own, and those that docker's CLI adds (json, split, join, title, lower, upper, pad, truncate). */

import { templateError } from './template-error.ts';
import { isTrue, Missing, printed, sortedEntries, type TemplateFunction, toJson } from './value.ts';

/** `and` and `or` are not among them: they leave out what they need not know. */
export const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['not', (value) => !isTrue(value)],
  ['len', length],
  ['index', (value, ...keys) => keys.reduce(at, value)],
  ['slice', (value, from, to) => slice(value, from, to)],
  ['print', (...values) => values.map((value) => printed(value)).join(' ')],
  ['println', (...values) => `${values.map((value) => printed(value)).join(' ')}\n`],
  ['printf', (format, ...values) => formatted(printed(format), values)],
  ['eq', (first, ...others) => others.some((other) => isSame(first, other))],
  ['ne', (first, second) => !isSame(first, second)],
  ['lt', (first, second) => compare(first, second) < 0],
  ['le', (first, second) => compare(first, second) <= 0],
  ['gt', (first, second) => compare(first, second) > 0],
  ['ge', (first, second) => compare(first, second) >= 0],
  ['json', (value) => toJson(value)],
  ['split', (text, separator) => printed(text).split(printed(separator))],
  [
    'join',
    (list, separator) =>
      listOf(list)
        .map((item) => printed(item))
        .join(printed(separator)),
  ],
  ['title', (text) => printed(text).replaceAll(/(^|\s)\S/g, (start) => start.toUpperCase())],
  ['lower', (text) => printed(text).toLowerCase()],
  ['upper', (text) => printed(text).toUpperCase()],
  ['pad', (text, before, after) => ' '.repeat(count(before)) + printed(text) + ' '.repeat(count(after))],
  ['truncate', (text, width) => Array.from(printed(text)).slice(0, count(width)).join('')],
]);

function length(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (Array.isArray(value)) return value.length;
  if (typeof value === 'object' && value !== null && !(value instanceof Missing))
    return Object.keys(value).length;
  throw templateError(`len of ${describe(value)}`);
}

function at(value: unknown, key: unknown): unknown {
  if (Array.isArray(value)) {
    const index = count(key);
    if (index >= value.length) throw templateError(`index ${index} of a list of ${value.length}`);
    return value[index];
  }
  if (typeof value === 'object' && value !== null && !(value instanceof Missing)) {
    const name = printed(key);
    return Object.hasOwn(value, name) ? Reflect.get(value, name) : '';
  }
  throw templateError(`index of ${describe(value)}`);
}

function slice(value: unknown, from: unknown, to: unknown): unknown {
  if (typeof value !== 'string' && !Array.isArray(value)) throw templateError(`slice of ${describe(value)}`);
  return value.slice(from === undefined ? 0 : count(from), to === undefined ? undefined : count(to));
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (value === null || value === undefined) return [];
  throw templateError(`join of ${describe(value)}`);
}

function isSame(first: unknown, second: unknown): boolean {
  return first === second || (isAbsent(first) && isAbsent(second));
}

function isAbsent(value: unknown): boolean {
  return value === null || value === undefined || value instanceof Missing;
}

function compare(first: unknown, second: unknown): number {
  if (typeof first === 'number' && typeof second === 'number') return first - second;
  if (typeof first === 'string' && typeof second === 'string')
    return first < second ? -1 : first > second ? 1 : 0;
  throw templateError(`${describe(first)} and ${describe(second)} have no order`);
}

/** @throws NaruError "invalid-argument" for anything but a whole number from 0 on */
function count(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw templateError(`${describe(value)} is no count`);
}

function describe(value: unknown): string {
  if (value instanceof Missing) return `.${value.name}, which is not there`;
  if (value === null || value === undefined) return 'nothing';
  return typeof value === 'string' || typeof value === 'number' ? JSON.stringify(value) : 'this value';
}

/** The verbs of Go's printf that make sense for what JSON holds. */
function formatted(format: string, values: readonly unknown[]): string {
  let next = 0;
  return format.replaceAll(
    /%([-+0]*)(\d*)(?:\.(\d+))?([a-zA-Z%])/g,
    (whole, flags: string, width: string, precision: string | undefined, verb: string) => {
      if (verb === '%') return '%';
      if (next >= values.length) return `%!${verb}(MISSING)`;
      const text = formatOne(verb, values[next++], precision === undefined ? undefined : Number(precision));
      if (text === undefined) throw templateError(`printf does not know ${whole}`);
      const columns = Number(width || 0);
      if (flags.includes('-')) return text.padEnd(columns);
      return text.padStart(columns, flags.includes('0') ? '0' : ' ');
    },
  );
}

function formatOne(verb: string, value: unknown, precision: number | undefined): string | undefined {
  switch (verb) {
    case 's':
    case 'v':
      return precision === undefined
        ? printed(value)
        : Array.from(printed(value)).slice(0, precision).join('');
    case 'q':
      return JSON.stringify(printed(value));
    case 'd':
    case 't':
      return printed(value);
    case 'f':
      return Number(value).toFixed(precision ?? 6);
    case 'x':
      return typeof value === 'number' ? value.toString(16) : Buffer.from(printed(value)).toString('hex');
    default:
      return undefined;
  }
}

/** What `range` goes through: lists by index, maps by sorted key, numbers from 0 up. @throws NaruError "invalid-argument" */
export function itemsOf(value: unknown): readonly (readonly [unknown, unknown])[] {
  if (Array.isArray(value)) return value.map((item, index) => [index, item]);
  if (isAbsent(value)) return [];
  if (typeof value === 'number' && value <= 1_000_000)
    return Array.from({ length: count(value) }, (_, index) => [index, index]);
  if (typeof value === 'object' && value !== null) return sortedEntries({ ...value });
  throw templateError(`range over ${describe(value)}`);
}
