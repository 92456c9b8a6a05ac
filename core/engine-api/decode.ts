/**
 * Decoders for JSON from outside: a value is `unknown` until one of these accepts it, and a refusal names the field.
 * As Go's encoding/json reads bodies for dockerd: null is absent, unknown fields are ignored, and field names match without regard to case.
 */

import { NaruError } from '../errors.ts';

/** Answers the typed value or throws "invalid-argument" naming `at`, the path of the field (`HostConfig.Memory`). */
export type Decoder<T> = (value: unknown, at: string) => T;

/** What `optionalObject` and `object` are made from: a decoder per field. */
export type FieldDecoders<T> = { readonly [K in keyof T]-?: Decoder<T[K]> };

/** The error a decoder throws; `at` is '' for the body itself. */
function wrongField(at: string, wanted: string): NaruError {
  const subject = at === '' ? 'request body' : `request body: ${at}`;
  return new NaruError('invalid-argument', 'E_BODY', `invalid ${subject} must be ${wanted}`);
}

export function string(value: unknown, at: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw wrongField(at, 'a string');
  return value;
}

export function boolean(value: unknown, at: string): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean') throw wrongField(at, 'true or false');
  return value;
}

/** Integers only; absent is 0. */
export function integer(value: unknown, at: string): number {
  if (value === undefined || value === null) return 0;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongField(at, 'an integer');
  return value;
}

/** Absent is the empty list. */
export function listOf<T>(item: Decoder<T>): Decoder<readonly T[]> {
  return (value, at) => {
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) throw wrongField(at, 'a list');
    return value.map((entry, index) => item(entry, `${at}[${index}]`));
  };
}

/** Absent is the empty map. */
export function mapOf<T>(item: Decoder<T>): Decoder<Readonly<Record<string, T>>> {
  return (value, at) => {
    const made: Record<string, T> = {};
    for (const [key, entry] of Object.entries(asRecord(value, at))) {
      made[key] = item(entry, at === '' ? key : `${at}.${key}`);
    }
    return made;
  };
}

/** Keeps absence: undefined and null answer undefined. */
export function optional<T>(item: Decoder<T>): Decoder<T | undefined> {
  return (value, at) => (value === undefined || value === null ? undefined : item(value, at));
}

/** A list of words, or one string, as Docker reads Cmd and Entrypoint; absent stays absent. */
export function words(value: unknown, at: string): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return [value];
  return listOf(string)(value, at);
}

/** An object by its fields; an absent one is decoded like an empty one. */
export function object<T>(fields: FieldDecoders<T>): Decoder<T> {
  const names = Object.keys(fields) as (keyof T & string)[]; // a mapped type's keys are its field names
  return (value, at) => {
    const record = asRecord(value, at);
    const folded = new Map(Object.keys(record).map((key) => [key.toLowerCase(), key]));
    const made: Partial<T> = {};
    for (const name of names) {
      const given = Object.hasOwn(record, name) ? name : folded.get(name.toLowerCase());
      made[name] = fields[name](
        given === undefined ? undefined : record[given],
        at === '' ? name : `${at}.${name}`,
      );
    }
    return made as T; // every field was decoded by the loop
  };
}

/** Anything, undecoded: for fields that are stored and given back as they came. */
export function anything(value: unknown): unknown {
  return value;
}

function asRecord(value: unknown, at: string): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw wrongField(at, 'an object');
  return value as Readonly<Record<string, unknown>>; // a JSON object, by the check above
}
