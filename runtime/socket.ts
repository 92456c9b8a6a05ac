/** Listening on a unix socket: only its owner may connect, and the socket of a dead engine is replaced. */

import { chmodSync, chownSync, unlinkSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';

import { NaruError } from '../core/errors.ts';
import { errorCode } from '../local/error-code.ts';
import { MAX_PATH_BYTES } from '../local/http/unix.ts';
import { makeFolder } from '../local/make-folder.ts';

/** Listens with mode 0600 from the first moment on; then `owner` (a user id) may connect instead of the engine's own user. @throws conflict when something answers on the path */
export async function listenOnSocket(server: Server, path: string, owner?: number): Promise<void> {
  await prepareSocket(path);
  removeIfThere(path);
  await new Promise<void>((resolve, reject) => {
    const mask = process.umask(0o177); // bind happens inside listen()
    try {
      server.once('error', reject);
      server.listen({ path }, () => {
        server.off('error', reject);
        resolve();
      });
    } finally {
      process.umask(mask);
    }
  });
  chmodSync(path, 0o600);
  if (owner !== undefined) chownSync(path, owner, -1);
}

/** Whatever keeps an engine from listening there, before it has begun anything. @throws NaruError "conflict" when something answers, "invalid-argument" for a path that is too long, "unavailable" when its folder cannot be made */
export async function prepareSocket(path: string): Promise<void> {
  checkLength(path);
  if (await answers(path)) {
    throw new NaruError('conflict', 'E_SOCKET_IN_USE', `another process answers on ${path}`, {
      hint: 'stop it first, or choose another --listen',
    });
  }
  makeFolder(dirname(path), { hint: 'choose another --listen' });
}

/** Node would only say EINVAL. */
function checkLength(path: string): void {
  const nBytes = Buffer.byteLength(path);
  if (nBytes <= MAX_PATH_BYTES) return;
  const message = `the path of the socket has ${nBytes} bytes, and ${MAX_PATH_BYTES} is the limit of the system: ${path}`;
  throw new NaruError('invalid-argument', 'E_SOCKET_PATH', message, { hint: 'choose a shorter --listen' });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect({ path });
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}

/** Unlinks a socket file; an absent one is fine. */
export function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}
