/**
 * Image references as Docker reads them: `[registry/]repository[:tag][@digest]`, short forms completed (`busybox` is `docker.io/library/busybox`).
 * Grammar and normalisation follow distribution/reference v0.6.0 (reference.go, normalize.go); error texts are its own, clients show them.
 */

import { NaruError } from '../errors.ts';
import type { Digest } from './digest.ts';

/** Parsed and completed; made by `parseReference`. */
export interface Reference {
  /** Host with optional port; `docker.io` when none was written. */
  readonly registry: string;
  /** Path in the registry, `library/busybox` for Docker's own images. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

/** @throws NaruError "invalid-argument" E_REFERENCE in Docker's words */
export function parseReference(text: string): Reference {
  if (/^[a-f0-9]{64}$/.test(text)) {
    throw wrong(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`);
  }
  const { registry, rest } = splitRegistry(text);
  const name = rest.split(/[:@]/, 1)[0] ?? '';
  if (name !== name.toLowerCase()) {
    throw wrong(`invalid reference format: repository name (${name}) must be lowercase`);
  }
  const match = REST.exec(rest);
  if (match === null || !REGISTRY.test(registry)) throw wrong('invalid reference format');
  const [, repository = '', tag, digest] = match;
  if (repository.length > MAX_REPOSITORY_LENGTH) {
    throw wrong(`repository name must not be more than ${MAX_REPOSITORY_LENGTH} characters`);
  }
  return {
    registry,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest: digest as Digest }), // the pattern is a digest's
  };
}

/** `latest` where neither tag nor digest is given. */
export function withDefaultTag(reference: Reference): Reference {
  return reference.tag === undefined && reference.digest === undefined
    ? { ...reference, tag: 'latest' }
    : reference;
}

/** `docker.io/library/busybox:latest`; the key under which references are stored. */
export function canonicalReference(reference: Reference): string {
  return canonicalName(reference) + suffix(reference);
}

/** `docker.io/library/busybox`. */
export function canonicalName({ registry, repository }: Reference): string {
  return `${registry}/${repository}`;
}

/** `busybox:latest`, `user/app@sha256:…`: as Docker shows it. */
export function familiarReference(reference: Reference): string {
  return familiarName(reference) + suffix(reference);
}

/** `busybox`, `user/app`, `localhost:5000/app`. */
export function familiarName({ registry, repository }: Reference): string {
  if (registry !== DOCKER_HUB) return `${registry}/${repository}`;
  // Only a name of one part gets its `library/` back when it is parsed again.
  const short = /^library\/([^/]+)$/.exec(repository)?.[1];
  return short ?? repository;
}

const DOCKER_HUB = 'docker.io';
const MAX_REPOSITORY_LENGTH = 255;
const COMPONENT = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const REGISTRY = new RegExp(`^(?:${COMPONENT}(?:\\.${COMPONENT})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);
const PART = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const REST = new RegExp(
  `^(${PART}(?:/${PART})*)(?::([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(sha256:[a-f0-9]{64}))?$`,
);

/** The first part is a registry when it has a dot, a port or a capital letter, or is localhost. */
function splitRegistry(text: string): { readonly registry: string; readonly rest: string } {
  const slash = text.indexOf('/');
  const first = text.slice(0, Math.max(slash, 0));
  const isRegistry = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  const registry = isRegistry && first !== 'index.docker.io' ? first : DOCKER_HUB;
  const rest = isRegistry ? text.slice(slash + 1) : text;
  if (registry !== DOCKER_HUB || rest.includes('/')) return { registry, rest };
  return { registry, rest: `library/${rest}` };
}

function suffix({ tag, digest }: Reference): string {
  return (tag === undefined ? '' : `:${tag}`) + (digest === undefined ? '' : `@${digest}`);
}

function wrong(message: string): NaruError {
  return new NaruError('invalid-argument', 'E_REFERENCE', message);
}
