/** The engine's command line: where it keeps things, where it answers, and what limits its build cache. */

import { isAbsolute, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { parseByteSize } from '../core/dockerfile/byte-size.ts';
import { parseDuration } from '../core/dockerfile/duration.ts';
import { NaruError } from '../core/errors.ts';
import type { CacheLimitOptions } from './build/cache-limits.ts';

export interface EngineOptions {
  readonly root: string;
  readonly socketPath: string;
  /** User id that owns the socket: whoever logs in over SSH, when the engine runs as root. Undefined: the engine's own. */
  readonly socketOwner?: number;
  /** Asked instead of Docker Hub, in order. */
  readonly registryMirrors: readonly string[];
  readonly cache: CacheLimitOptions;
}

export const USAGE = `usage: engine --root DIR --listen unix://PATH [--registry-mirror URL]...

  --root DIR              where the engine keeps images, containers and volumes
  --listen unix://PATH    socket that answers the Docker Engine API
  --socket-owner UID      user who may use the socket (default: the engine's own)
  --registry-mirror URL   registry to ask first for images of Docker Hub, once registries are supported
  --cache-size SIZE       build cache that no image has may take so much, such as 20g; the least recently used goes first
                          (default: a tenth of the disk, 2 GB to 100 GB; 0: no limit)
  --cache-age DURATION    build cache that no build used for so long goes, such as 168h (default: 1440h; 0: no limit)
  --help                  this text

Prints {"event":"ready",...} on stdout when it answers.
SIGTERM stops the engine and leaves containers running.
`;

/** Undefined when help was asked for. @throws invalid-argument */
export function readOptions(argv: readonly string[]): EngineOptions | undefined {
  const values = parse(argv);
  if (values.help === true) return undefined;
  if (values.root === undefined || values.root === '') throw wrong('--root DIR is required');
  const found = /^unix:\/\/(.+)$/.exec(values.listen ?? '');
  const path = found?.[1];
  if (path === undefined) throw wrong('--listen must be unix://PATH');
  if (!isAbsolute(path)) throw wrong('the path of --listen must be absolute');
  const owner = values['socket-owner'];
  if (owner !== undefined && !/^\d{1,10}$/.test(owner))
    throw wrong('--socket-owner must be a numeric user id');
  return {
    root: resolve(values.root),
    socketPath: path,
    ...(owner === undefined ? {} : { socketOwner: Number(owner) }),
    registryMirrors: values['registry-mirror'] ?? [],
    cache: readCacheLimits(values['cache-size'], values['cache-age']),
  };
}

function readCacheLimits(size: string | undefined, age: string | undefined): CacheLimitOptions {
  const cacheBytes = size === undefined ? undefined : parseByteSize(size);
  if (size !== undefined && cacheBytes === undefined)
    throw wrong(`--cache-size must be a size such as 20g, not ${JSON.stringify(size)}`);
  const duration = age === undefined ? undefined : parseDuration(age);
  if (duration !== undefined && (duration.kind === 'fault' || duration.ms < 0))
    throw wrong(`--cache-age must be a duration such as 168h, not ${JSON.stringify(age)}`);
  return {
    ...(cacheBytes === undefined ? {} : { cacheBytes }),
    ...(duration === undefined ? {} : { cacheAgeMs: duration.ms }),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        root: { type: 'string' },
        listen: { type: 'string' },
        'socket-owner': { type: 'string' },
        'registry-mirror': { type: 'string', multiple: true },
        'cache-size': { type: 'string' },
        'cache-age': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (cause) {
    throw new NaruError(
      'invalid-argument',
      'E_OPTIONS',
      cause instanceof Error ? cause.message : String(cause),
      {
        cause,
      },
    );
  }
}

function wrong(text: string): NaruError {
  return new NaruError('invalid-argument', 'E_OPTIONS', text);
}
