/** The setting `naru.builds` as it is written: what `docker build` is called with for some Dockerfiles. Its schema in package.json says the same to the settings editor. */

import { contextName, readNamedContext } from '../../../core/build/named-contexts.ts';
import { NaruError } from '../../../core/errors.ts';
import { suggestion } from '../../../core/dockerfile/suggestion.ts';
import { parseReference } from '../../../core/oci/reference.ts';

export interface BuildEntry {
  /** Path or glob, relative to the workspace folder. */
  readonly dockerfile: string;
  /** Relative to the workspace folder, or absolute; absent: the Dockerfile's own folder. */
  readonly context?: string;
  readonly target?: string;
  readonly args?: Readonly<Record<string, string>>;
  /** Named contexts by `contextName`: folders as in `context`, or addresses. */
  readonly contexts?: Readonly<Record<string, string>>;
  /** Name of the image; absent: made of the context's name. */
  readonly tag?: string;
}

/** In the order of the setting. @throws NaruError "invalid-argument" E_BUILDS that names the first field that is wrong */
export function readBuildEntries(value: unknown): readonly BuildEntry[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw wrong('', 'a list of entries');
  return value.map((entry: unknown, index) => readEntry(entry, `[${index}]`));
}

const FIELDS: readonly (keyof BuildEntry)[] = ['dockerfile', 'context', 'target', 'args', 'contexts', 'tag'];

function readEntry(value: unknown, at: string): BuildEntry {
  const fields = fieldsOf(value, at);
  const strange = Object.keys(fields).find((key) => !FIELDS.some((field) => field === key));
  if (strange !== undefined) {
    const meant = suggestion(strange, FIELDS, 'case-insensitive');
    const hint = meant === undefined ? `it may have ${FIELDS.join(', ')}` : `did you mean ${meant}?`;
    throw new NaruError(
      'invalid-argument',
      'E_BUILDS',
      `the setting naru.builds${at} has no field ${strange}`,
      { hint },
    );
  }
  const { dockerfile, args, contexts } = fields;
  if (dockerfile === undefined) throw wrong(`${at}.dockerfile`, 'there: a path or a glob');
  return {
    dockerfile: text(dockerfile, `${at}.dockerfile`),
    ...optional(fields, 'context', at),
    ...optional(fields, 'target', at),
    ...(args === undefined ? {} : { args: readArgs(args, `${at}.args`) }),
    ...(contexts === undefined ? {} : { contexts: readContexts(contexts, `${at}.contexts`) }),
    ...readTag(fields, at),
  };
}

function readArgs(value: unknown, at: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fieldsOf(value, at)).map(([name, given]) => {
      if (typeof given !== 'string') throw wrong(`${at}.${name}`, 'a text in quotes');
      return [name, given];
    }),
  );
}

function readContexts(value: unknown, at: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fieldsOf(value, at)).map(([name, given]) => {
      const place = `${at}.${name}`;
      const context = readNamedContext(text(given, place));
      if (context.kind === 'fault') throw fault(place, context.message);
      if (context.kind === 'layout') throw fault(place, 'image layouts are for the command line alone');
      return [inWords(place, () => contextName(name)), text(given, place)];
    }),
  );
}

function readTag(fields: Readonly<Record<string, unknown>>, at: string): { readonly tag?: string } {
  const { tag } = optional(fields, 'tag', at);
  if (tag !== undefined) inWords(`${at}.tag`, () => parseReference(tag));
  return tag === undefined ? {} : { tag };
}

/** @throws NaruError E_BUILDS with the words of what `read` throws */
function inWords<T>(at: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw fault(at, cause instanceof Error ? cause.message : String(cause));
  }
}

function fault(at: string, why: string): NaruError {
  return new NaruError('invalid-argument', 'E_BUILDS', `the setting naru.builds${at}: ${why}`);
}

function optional<K extends 'context' | 'target' | 'tag'>(
  fields: Readonly<Record<string, unknown>>,
  key: K,
  at: string,
): { readonly [key in K]?: string } {
  const value = fields[key];
  // The one key that the caller named.
  return value === undefined
    ? {}
    : ({ [key]: text(value, `${at}.${key}`) } as { readonly [key in K]: string });
}

function text(value: unknown, at: string): string {
  if (typeof value !== 'string' || value.trim() === '') throw wrong(at, 'a text that is not empty');
  return value;
}

function fieldsOf(value: unknown, at: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(at, 'an object');
  return { ...value };
}

function wrong(at: string, wanted: string): NaruError {
  return new NaruError('invalid-argument', 'E_BUILDS', `the setting naru.builds${at} must be ${wanted}`, {
    hint: 'mend it in the settings',
  });
}
