/**
 * The one mapping from error kinds to HTTP, as dockerd maps them (moby daemon/server/httpstatus/status.go).
 * Nothing else in the engine knows status codes of errors.
 */

import type { ErrorKind } from '../../core/errors.ts';
import { formatLocation, NaruError } from '../../core/errors.ts';
import { diskFullError } from '../host/disk-full.ts';

export interface ErrorAnswer {
  readonly status: number;
  /** Ends with the hint: Docker's clients show nothing else. */
  readonly message: string;
  readonly hint?: string;
}

/** What the client gets for anything thrown. Foreign errors are ours to fix: 500. */
export function errorStatus(thrown: unknown): ErrorAnswer {
  const error = diskFullError(thrown) ?? thrown;
  if (!(error instanceof NaruError)) {
    const text = error instanceof Error ? error.message : String(error);
    return { status: 500, message: `internal error: ${text}; see engine.log in the engine's root` };
  }
  // Docker's error bodies have no place for a location, so it stands in front of the sentence.
  const sentence =
    error.location === undefined ? error.message : `${formatLocation(error.location)}: ${error.message}`;
  const status = statusOf(error.kind);
  const { hint } = error;
  return hint === undefined
    ? { status, message: sentence }
    : { status, message: `${sentence}: ${hint}`, hint };
}

function statusOf(kind: ErrorKind): number {
  switch (kind) {
    case 'invalid-argument':
      return 400;
    case 'unauthorized':
      return 401;
    case 'forbidden':
      return 403;
    case 'not-found':
      return 404;
    case 'conflict':
      return 409;
    case 'not-modified':
      return 304;
    case 'unimplemented':
      return 501;
    case 'unavailable':
      return 503;
    case 'cancelled':
    case 'timeout':
    case 'internal':
      return 500;
  }
}
