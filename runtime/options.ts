/** The engine's command line: `--root DIR --listen unix://PATH [--registry-mirror URL]`. */

import { isAbsolute, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { NaruError } from '../core/errors.ts';

export interface EngineOptions {
  readonly root: string;
  readonly socketPath: string;
  /** User id that owns the socket: whoever logs in over SSH, when the engine runs as root. Undefined: the engine's own. */
  readonly socketOwner?: number;
  /** Asked instead of Docker Hub, in order. */
  readonly registryMirrors: readonly string[];
}

export const USAGE = `usage: engine --root DIR --listen unix://PATH [--registry-mirror URL]...

  --root DIR              where the engine keeps images, containers and volumes
  --listen unix://PATH    socket that answers the Docker Engine API
  --socket-owner UID      user who may use the socket (default: the engine's own)
  --registry-mirror URL   registry asked first for images of Docker Hub
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
