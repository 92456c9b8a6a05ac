/**
 * Where a copy lands, decided before anything is read: docker's rules of `docker cp`, in both directions the same (docker 28.2.2).
 * A directory that is there takes the source under its own name, or the source's contents where that ends in `/.`.
 */

import { NaruError } from '../../../core/errors.ts';

export interface CopySource {
  /** As the user wrote it. */
  readonly path: string;
  /** Last name of the real path; '' for a root. */
  readonly name: string;
  readonly isDirectory: boolean;
}

export interface CopyDestination {
  /** Absolute, or as the user wrote it; a slash at the end says that it is to be a directory. */
  readonly path: string;
  readonly isThere: boolean;
  readonly isDirectory: boolean;
}

export interface CopyPlace {
  /** To unpack in. */
  readonly directory: string;
  /** What the source is called there; '' puts its contents right into the directory. */
  readonly name: string;
}

/** @throws NaruError "invalid-argument" for what cannot be copied there */
export function placeOf(source: CopySource, destination: CopyDestination): CopyPlace {
  const takesContents = /(^|\/)\.$/.test(source.path);
  if (destination.isThere && destination.isDirectory) {
    return { directory: destination.path, name: takesContents ? '' : source.name };
  }
  if (source.isDirectory && destination.isThere) {
    throw refusal(`${source.path} is a directory, and ${destination.path} is not`);
  }
  if (!source.isDirectory && destination.path.endsWith('/')) {
    throw refusal(
      `there is no directory ${destination.path}`,
      'make it first, or leave out the slash at its end',
    );
  }
  return splitPath(destination.path.replace(/(?<=.)\/+$/, ''));
}

function splitPath(path: string): CopyPlace {
  const at = path.lastIndexOf('/');
  return { directory: at < 0 ? '.' : path.slice(0, at) || '/', name: path.slice(at + 1) };
}

function refusal(message: string, hint?: string): NaruError {
  return new NaruError('invalid-argument', 'E_COPY', message, hint === undefined ? {} : { hint });
}

export type CopySide =
  | { readonly kind: 'local'; readonly path: string }
  | { readonly kind: 'container'; readonly container: string; readonly path: string };

/** `CONTAINER:PATH`; what begins with a slash or a dot is a path here. */
export function readSide(text: string): CopySide {
  const at = text.indexOf(':');
  if (at <= 0 || text.startsWith('/') || text.startsWith('.')) return { kind: 'local', path: text };
  return { kind: 'container', container: text.slice(0, at), path: text.slice(at + 1) || '/' };
}
