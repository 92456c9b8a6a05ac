/** Connections to a unix socket, or to a named pipe on Windows. */

import { connect as connectNet } from 'node:net';

import { NaruError } from '../../core/errors.ts';
import type { Connect } from './agent.ts';

/** `sun_path` in unix(7), without the NUL at its end. */
export const MAX_PATH_BYTES = 107;

/** @throws NaruError "unavailable" when nobody answers there, "forbidden" when the user may not connect */
export function unixConnect(path: string): Connect {
  return (signal) =>
    new Promise((resolve, reject) => {
      const socket = connectNet({ path, ...(signal === undefined ? {} : { signal }) });
      const onError = (error: NodeJS.ErrnoException): void => reject(connectError(path, error));
      socket.once('error', onError);
      socket.once('connect', () => {
        socket.off('error', onError);
        resolve(socket);
      });
    });
}

/** The words docker's client uses, so that people find what they know. */
function connectError(path: string, cause: NodeJS.ErrnoException): NaruError {
  const address = path.startsWith('\\\\') ? `npipe://${path.replaceAll('\\', '/')}` : `unix://${path}`;
  if (cause.code === 'EACCES' || cause.code === 'EPERM') {
    const message = `permission denied while trying to connect to the engine at ${address}`;
    const hint = 'add your user to the group that owns the socket, or use a rootless engine';
    return new NaruError('forbidden', 'E_SOCKET_PERMISSION', message, { cause, hint });
  }
  const message = `cannot connect to the engine at ${address}`;
  const nBytes = Buffer.byteLength(path);
  if (nBytes > MAX_PATH_BYTES && process.platform === 'linux') {
    const hint = `the path has ${nBytes} bytes, and ${MAX_PATH_BYTES} is the limit of the system`;
    return new NaruError('unavailable', 'E_ENGINE_UNREACHABLE', message, { cause, hint });
  }
  return new NaruError('unavailable', 'E_ENGINE_UNREACHABLE', message, { cause, hint: 'is it running?' });
}
