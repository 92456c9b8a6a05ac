/**
 * Waiting until the peer of a unix socket has read what was written to it.
 * Linux has no event for that, so it is asked for, ever more seldom; Node names no descriptor of a socket in public, its handle does (net.Socket, 24.21).
 */

import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

import { unreadByPeer } from './network-syscalls.ts';

/** Longest pause between two looks. */
const MAX_PAUSE_MS = 64;

/** Resolves when nothing is left unread, the socket is gone or no socket of the system, or after `timeoutMs`. */
export async function whenPeerHasRead(socket: Duplex, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (let pauseMs = 1; performance.now() < deadline; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
    const fd = descriptorOf(socket);
    if (fd === undefined || (socket.writableLength === 0 && unreadByPeer(fd) === 0)) return;
    await delay(pauseMs);
  }
}

function descriptorOf(socket: Duplex): number | undefined {
  const handle: unknown = '_handle' in socket ? socket._handle : undefined;
  if (typeof handle !== 'object' || handle === null || !('fd' in handle)) return undefined;
  // Closed handles say -1.
  return typeof handle.fd === 'number' && handle.fd >= 0 ? handle.fd : undefined;
}
