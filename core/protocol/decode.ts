/**
 * Decoders of Naru's own messages. Unlike Docker's (core/engine-api/decode.ts) they are strict: a field is there with its type, or declared optional and left out.
 * Unknown fields are ignored, so that an older program understands a newer one.
 */

import type { Decoder } from '../engine-api/decode.ts';
import { NaruError } from '../errors.ts';
import { type Digest, parseDigest } from '../oci/digest.ts';

export type { Decoder } from '../engine-api/decode.ts';

/** `at` is the path of the field, '' for the message itself. */
export function wrongMessage(at: string, wanted: string): NaruError {
  const subject = at === '' ? 'message' : `message: ${at}`;
  return new NaruError('invalid-argument', 'E_PROTOCOL', `invalid ${subject} must be ${wanted}`, {
    hint: 'the two sides may be of different versions; update the older one',
  });
}

export function text(value: unknown, at: string): string {
  if (typeof value !== 'string') throw wrongMessage(at, 'a string');
  return value;
}

/** A safe integer. */
export function whole(value: unknown, at: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrongMessage(at, 'an integer');
  return value;
}

export function finite(value: unknown, at: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrongMessage(at, 'a number');
  return value;
}

export function flag(value: unknown, at: string): boolean {
  if (typeof value !== 'boolean') throw wrongMessage(at, 'true or false');
  return value;
}

export function digest(value: unknown, at: string): Digest {
  try {
    return parseDigest(text(value, at));
  } catch {
    throw wrongMessage(at, 'a sha256 digest');
  }
}

/** One of the given strings. */
export function oneOf<T extends string>(...values: readonly T[]): Decoder<T> {
  return (value, at) => {
    const found = values.find((candidate) => candidate === value);
    if (found === undefined) throw wrongMessage(at, `one of ${values.join(', ')}`);
    return found;
  };
}

export function list<T>(item: Decoder<T>): Decoder<readonly T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) throw wrongMessage(at, 'a list');
    return value.map((entry, index) => item(entry, `${at}[${index}]`));
  };
}

/** An object used as a map. */
export function record<T>(item: Decoder<T>): Decoder<Readonly<Record<string, T>>> {
  return (value, at) =>
    Object.fromEntries(
      Object.entries(fieldsOf(value, at)).map(([key, entry]) => [key, item(entry, joinField(at, key))]),
    );
}

/** `null` on the wire is absence in the program. */
export function orNull<T>(item: Decoder<T>): Decoder<T | undefined> {
  return (value, at) => (value === null || value === undefined ? undefined : item(value, at));
}

type OptionalKeys<T> = { [K in keyof T]-?: object extends Pick<T, K> ? K : never }[keyof T];
type RequiredKeys<T> = Exclude<keyof T, OptionalKeys<T>>;

/** Decoders of the fields that must be there, and of those that may be left out (and are then left out of the answer). */
export function shape<T extends object>(
  required: { readonly [K in RequiredKeys<T>]: Decoder<T[K]> },
  optional: { readonly [K in OptionalKeys<T>]: Decoder<Exclude<T[K], undefined>> },
): Decoder<T> {
  const must = Object.entries<Decoder<unknown>>(required);
  const may = Object.entries<Decoder<unknown>>(optional);
  return (value, at) => {
    const fields = fieldsOf(value, at);
    const made: Record<string, unknown> = {};
    for (const [name, decode] of must) made[name] = decode(fields[name], joinField(at, name));
    for (const [name, decode] of may) {
      if (fields[name] !== undefined && fields[name] !== null) {
        made[name] = decode(fields[name], joinField(at, name));
      }
    }
    return made as T; // every declared field was decoded by the two loops
  };
}

/** A union told apart by one field. */
export function tagged<T>(field: string, members: Readonly<Record<string, Decoder<T>>>): Decoder<T> {
  return (value, at) => {
    const tag = fieldsOf(value, at)[field];
    const decode = typeof tag === 'string' && Object.hasOwn(members, tag) ? members[tag] : undefined;
    if (decode === undefined) {
      throw wrongMessage(joinField(at, field), `one of ${Object.keys(members).join(', ')}`);
    }
    return decode(value, at);
  };
}

/** Decodes JSON text. @throws NaruError "invalid-argument" */
export function decodeJson<T>(json: string, decode: Decoder<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw wrongMessage('', 'JSON');
  }
  return decode(value, '');
}

function fieldsOf(value: unknown, at: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrongMessage(at, 'an object');
  return value as Readonly<Record<string, unknown>>; // a JSON object, by the check above
}

function joinField(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`;
}
