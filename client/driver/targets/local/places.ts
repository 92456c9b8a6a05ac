/** Where the local engine is: as root in the system's places, else in the user's, unless the environment names others. */

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

import { NaruError } from '../../../../core/errors.ts';

/** Absolute paths. */
export interface LocalPlaces {
  readonly root: string;
  readonly socket: string;
}

/**
 * `NARU_ROOT` and `NARU_SOCKET` replace the defaults.
 *
 * @throws NaruError "invalid-argument" E_SOCKET_ADDRESS for a NARU_SOCKET that names no socket of this machine
 */
export function localPlaces(env: Readonly<Record<string, string | undefined>>): LocalPlaces {
  const isRoot = process.getuid?.() === 0;
  const data = env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share');
  const runtime = env['XDG_RUNTIME_DIR'] ?? join(data, 'naru', 'run');
  return {
    root: resolve(env['NARU_ROOT'] || (isRoot ? '/var/lib/naru' : join(data, 'naru', 'engine'))),
    socket: resolve(
      socketPath(env['NARU_SOCKET'] ?? '') ||
        (isRoot ? '/run/naru/naru.sock' : join(runtime, 'naru', 'naru.sock')),
    ),
  };
}

/** A path as it is, `unix://PATH` without its scheme. */
function socketPath(address: string): string {
  const path = /^unix:\/\/(.+)$/s.exec(address)?.[1];
  if (path !== undefined) return path;
  // One letter is a drive of Windows.
  if (!/^[a-z][a-z\d+.-]+:\//i.test(address)) return address;
  const message = `NARU_SOCKET is ${address}, which names no socket of this machine`;
  throw new NaruError('invalid-argument', 'E_SOCKET_ADDRESS', message, { hint: 'write PATH or unix://PATH' });
}
