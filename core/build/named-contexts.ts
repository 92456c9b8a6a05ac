/** `--build-context NAME=VALUE`: what names and values mean. Follows buildx (ParseContextNames) and BuildKit's dockerui/namedcontext.go. */

import { NaruError } from '../errors.ts';
import { familiarName, parseReference, type Reference } from '../oci/reference.ts';

import { type AddressFault, readContextAddress, type RemoteSource } from './remote-source.ts';

export type NamedContext =
  | { readonly kind: 'image'; readonly reference: string }
  | RemoteSource
  | AddressFault
  /** `oci-layout://PATH[:tag][@digest]`: an image in a directory of the caller's. */
  | { readonly kind: 'layout'; readonly path: string; readonly tag?: string; readonly digest?: string }
  /** A directory that the caller supplies. */
  | { readonly kind: 'directory'; readonly path: string };

/** What a value is. */
export function readNamedContext(value: string): NamedContext {
  const image = /^docker-image:\/\/(.*)$/.exec(value)?.[1];
  if (image !== undefined) return { kind: 'image', reference: image };
  const layout = /^oci-layout:\/\/(.+?)(?::(?<tag>[\w.-]+))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/.exec(
    value,
  );
  if (layout !== null) {
    const { tag, digest } = layout.groups ?? {};
    return {
      kind: 'layout',
      path: layout[1] ?? '',
      ...(tag === undefined ? {} : { tag }),
      ...(digest === undefined ? {} : { digest }),
    };
  }
  return readContextAddress(value) ?? { kind: 'directory', path: value };
}

/**
 * The name under which a context is found: names of images in their short form, `:latest` left out.
 * @throws NaruError "invalid-argument" E_CONTEXT_NAME in buildx's words
 */
export function contextName(name: string): string {
  try {
    return shortName(parseReference(name));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new NaruError('invalid-argument', 'E_CONTEXT_NAME', `invalid context name ${name}: ${why}`, {
      hint: 'names are written as names of images: lower case, with a tag where one is meant',
    });
  }
}

/** The context that takes the place of an image, stage or source of this name. */
export function findNamedContext(
  contexts: ReadonlyMap<string, string>,
  name: string,
): { readonly name: string; readonly value: string } | undefined {
  if (contexts.size === 0) return undefined;
  try {
    const short = shortName(parseReference(name));
    const value = contexts.get(short);
    return value === undefined ? undefined : { name: short, value };
  } catch {
    return undefined; // no name of an image is no name of a context
  }
}

function shortName(reference: Reference): string {
  const { tag, digest } = reference;
  const name = familiarName(reference);
  return `${name}${tag === undefined || (tag === 'latest' && digest === undefined) ? '' : `:${tag}`}${
    digest === undefined ? '' : `@${digest}`
  }`;
}
