/** Finds the endpoint for a method and a path, with Docker's optional `/v1.N` prefix and Docker's words when there is none. */

import { NaruError } from '../../core/errors.ts';
import { API_VERSION, MIN_API_VERSION } from '../../core/version.ts';
import type { Endpoint } from './endpoint.ts';

export interface Match {
  readonly endpoint: Endpoint;
  readonly params: Readonly<Record<string, string>>;
  readonly apiMinor: number;
}

export type Router = (method: string, path: string) => Match;

/** The router over these endpoints, tried in order. It throws not-found or invalid-argument (version out of range). */
export function makeRouter(endpoints: readonly Endpoint[]): Router {
  const table = endpoints.map((endpoint) => ({ endpoint, pattern: compile(endpoint.path) }));
  return (method, path) => {
    const { apiMinor, rest } = splitVersion(path);
    for (const { endpoint, pattern } of table) {
      if (endpoint.method !== method) continue;
      const found = pattern.exec(rest);
      if (found === null) continue;
      requireVersion(endpoint, apiMinor);
      return { endpoint, apiMinor, params: decodeParams(found.groups ?? {}) };
    }
    throw new NaruError('not-found', 'E_PAGE', 'page not found');
  };
}

function compile(path: string): RegExp {
  const source = path
    .replaceAll('.', '\\.')
    .replaceAll(/\{(\w+)\*\}/g, '(?<$1>.+)')
    .replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return new RegExp(`^${source}$`);
}

function decodeParams(groups: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const decoded: Record<string, string> = {};
  for (const [name, value] of Object.entries(groups)) {
    try {
      decoded[name] = decodeURIComponent(value);
    } catch (cause) {
      throw new NaruError('invalid-argument', 'E_PATH', `invalid URL escape in ${JSON.stringify(value)}`, {
        cause,
      });
    }
  }
  return decoded;
}

function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}

function splitVersion(path: string): { readonly apiMinor: number; readonly rest: string } {
  const found = /^\/v(\d+)\.(\d+)(\/.*)$/.exec(path);
  if (found === null) return { apiMinor: minorOf(API_VERSION), rest: path };
  const [, major, minor, rest] = found;
  const asked = `${major}.${minor}`;
  const rank = Number(major) * 1000 + Number(minor);
  if (rank > 1000 + minorOf(API_VERSION)) {
    const text = `client version ${asked} is too new. Maximum supported API version is ${API_VERSION}`;
    throw new NaruError('invalid-argument', 'E_API_VERSION', text);
  }
  if (rank < 1000 + minorOf(MIN_API_VERSION)) {
    const text = `client version ${asked} is too old. Minimum supported API version is ${MIN_API_VERSION}, please upgrade your client to a newer version`;
    throw new NaruError('invalid-argument', 'E_API_VERSION', text);
  }
  return { apiMinor: Number(minor), rest: rest ?? '/' };
}

function requireVersion(endpoint: Endpoint, apiMinor: number): void {
  if (endpoint.since === undefined || apiMinor >= endpoint.since) return;
  const text = `${endpoint.method} ${endpoint.path} requires API version 1.${endpoint.since}, but the request is for API version 1.${apiMinor}`;
  throw new NaruError('invalid-argument', 'E_API_VERSION', text);
}
