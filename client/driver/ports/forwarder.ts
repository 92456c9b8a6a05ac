/**
 * Makes published TCP ports of a distant engine appear on this machine's loopback, under the same number where it is free.
 * A listener stays while the link is down: connections that arrive meanwhile wait for a stream and fail only when there is none.
 */

import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream';

import { errorCode } from '../../../local/error-code.ts';

export interface ForwardedPort {
  /** Port as published on the host. */
  readonly hostPort: number;
  /** Port on 127.0.0.1 here. */
  readonly localPort: number;
  /** Why it is another number here: something listens there, or this user may not. Absent for the same number. */
  readonly obstacle?: 'taken' | 'forbidden';
}

export interface PortForwarder {
  /** Opens listeners for ports that are new and closes those that are gone. Answers the mapping, by host port. */
  readonly update: (hostPorts: readonly number[]) => Promise<readonly ForwardedPort[]>;
  readonly current: () => readonly ForwardedPort[];
  /** Closes every listener for good: an update that comes later opens none. */
  readonly close: () => Promise<void>;
}

interface Listener extends ForwardedPort {
  readonly server: Server;
  readonly sockets: Set<Socket>;
}

/** `open` makes a stream to a port as seen from the host. */
export function makePortForwarder(open: (hostPort: number) => Promise<Duplex>): PortForwarder {
  const listeners = new Map<number, Listener>();
  let isClosed = false;

  function current(): readonly ForwardedPort[] {
    return [...listeners.values()]
      .map(({ server: _server, sockets: _sockets, ...port }) => port)
      .sort((a, b) => a.hostPort - b.hostPort);
  }

  async function update(asked: readonly number[]): Promise<readonly ForwardedPort[]> {
    // Whoever looks for ports may still be looking when it is closed; a listener would keep the process alive.
    const hostPorts = isClosed ? [] : asked;
    for (const [hostPort, listener] of listeners) {
      if (hostPorts.includes(hostPort)) continue;
      listeners.delete(hostPort);
      await closeListener(listener);
    }
    for (const hostPort of hostPorts) {
      if (!listeners.has(hostPort)) listeners.set(hostPort, await listen(hostPort, open));
    }
    return current();
  }

  /** One after the other: two updates at once would listen on one port twice. */
  let last: Promise<unknown> = Promise.resolve();
  function inTurn(hostPorts: readonly number[]): Promise<readonly ForwardedPort[]> {
    const turn = last.then(() => update(hostPorts));
    last = turn.catch(() => undefined); // told to whoever asked for it
    return turn;
  }
  async function close(): Promise<void> {
    isClosed = true;
    await inTurn([]);
  }
  return { update: inTurn, current, close };
}

/** The same number if it is free here, else one that the system picks: never silent, the mapping says so. */
async function listen(hostPort: number, open: (hostPort: number) => Promise<Duplex>): Promise<Listener> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    void connectThrough(socket, () => open(hostPort));
  });
  try {
    return { hostPort, localPort: await bind(server, hostPort), server, sockets };
  } catch (error) {
    const obstacle = errorCode(error) === 'EACCES' ? 'forbidden' : 'taken';
    return { hostPort, localPort: await bind(server, 0), obstacle, server, sockets };
  }
}

async function connectThrough(socket: Socket, open: () => Promise<Duplex>): Promise<void> {
  socket.on('error', () => socket.destroy()); // the peer is gone; there is nobody to tell
  try {
    const stream = await open();
    pipeline(socket, stream, () => undefined);
    pipeline(stream, socket, () => undefined);
  } catch {
    socket.destroy();
  }
}

function bind(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

function closeListener({ server, sockets }: Listener): Promise<void> {
  for (const socket of sockets) socket.destroy();
  return new Promise((resolve) => server.close(() => resolve()));
}
