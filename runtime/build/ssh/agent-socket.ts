/** A unix socket that is the client's SSH agent for as long as a step or a git command runs. */

import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';

import type { AgentStream, OpenAgent } from './agent-streams.ts';

export interface AgentSocket {
  readonly path: string;
  /** Breaks its connections off and removes it. */
  close(): Promise<void>;
}

export interface SocketOwner {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** `runDir` is short: the path of a socket has at most 107 bytes (unix(7)). */
export async function listenForAgent(
  open: OpenAgent,
  runDir: string,
  { uid, gid, mode }: SocketOwner,
): Promise<AgentSocket> {
  const directory = join(runDir, 'agents');
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, randomBytes(6).toString('hex'));
  const closing = new AbortController();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    open(closing.signal).then(
      (stream) => relay(socket, stream),
      () => socket.destroy(),
    );
  });
  server.listen(path);
  await once(server, 'listening');
  fs.chownSync(path, uid, gid);
  fs.chmodSync(path, mode);
  return {
    path,
    close: async () => {
      closing.abort();
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
      fs.rmSync(path, { force: true });
    },
  };
}

/** Until either side ends it. */
function relay(socket: Socket, stream: AgentStream): void {
  const end = (): void => {
    socket.destroy();
    stream.close();
  };
  socket.once('close', end);
  stream.input.once('end', end).once('error', end);
  stream.output.once('close', end).on('error', end);
  socket.pipe(stream.output, { end: false });
  stream.input.pipe(socket, { end: false });
  if (socket.destroyed || stream.output.destroyed) end();
}

/** Runs `use` with the socket of an agent, or without one where the client gave none. */
export async function withAgentSocket<T>(
  open: OpenAgent | undefined,
  runDir: string,
  use: (path: string | undefined) => Promise<T>,
): Promise<T> {
  if (open === undefined) return use(undefined);
  const socket = await listenForAgent(open, runDir, { uid: 0, gid: 0, mode: 0o600 });
  try {
    return await use(socket.path);
  } finally {
    await socket.close();
  }
}
