/**
 * The one error type of Naru: a closed set of kinds, each mapped to the outside (HTTP status, exit code, editor message) in one place per program.
 * Analyses do not throw: they return `{ value, problems }`. NaruError is for operations that could not be done.
 */

import type { Position } from './source.ts';

export type ErrorKind =
  | 'invalid-argument'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'not-modified'
  | 'unimplemented'
  | 'unavailable'
  | 'cancelled'
  | 'timeout'
  | 'internal';

/** Where in a file the fault lies; `start` is 0-based, printed 1-based by `formatLocation`. */
export interface ErrorLocation {
  readonly file: string;
  readonly start: Position;
  readonly end?: Position;
}

export interface NaruErrorOptions {
  /** The next thing the user can do, one sentence. */
  readonly hint?: string;
  readonly location?: ErrorLocation;
  readonly cause?: unknown;
}

/** `code` is stable and searchable (`E_PORT_IN_USE`); `message` is one sentence without a full stop, lower case first letter. */
export class NaruError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly hint: string | undefined;
  readonly location: ErrorLocation | undefined;

  constructor(kind: ErrorKind, code: string, message: string, options: NaruErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'NaruError';
    this.kind = kind;
    this.code = code;
    this.hint = options.hint;
    this.location = options.location;
  }
}

/** `file:line:column`, 1-based, as compilers print it. */
export function formatLocation(location: ErrorLocation): string {
  return `${location.file}:${location.start.line + 1}:${location.start.column + 1}`;
}

/** True for errors that carry the given kind, however they were thrown. */
export function isErrorKind(error: unknown, kind: ErrorKind): error is NaruError {
  return error instanceof NaruError && error.kind === kind;
}
