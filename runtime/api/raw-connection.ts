/**
 * Takes a connection out of node:http's hands after an ordinary request, for clients that hijack without asking for an upgrade.
 * Docker: dockerd answers those with a plain 200 and treats everything after the request as raw bytes (httputils.HijackConnection, 28.5.2);
 * dockerode without `hijack` relies on it. Node has no public way to do so: `socket.parser` is what its own upgrade path uses (lib/_http_server.js, 24.21).
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { PassThrough, type Duplex, type Readable } from 'node:stream';

export interface RawConnection {
  readonly socket: Duplex;
  /** What the client sends after its request; ends when it closes its side. */
  readonly rest: Readable;
}

/** Node's parser reads the socket's handle directly until it is told not to. */
interface ConsumingParser {
  unconsume(): void;
}

/** Undefined when this Node does not let go; the caller then answers within HTTP. */
export function takeOver(request: IncomingMessage, response: ServerResponse): RawConnection | undefined {
  const { socket } = request;
  const parser: unknown = 'parser' in socket ? socket.parser : undefined;
  if (!isConsumingParser(parser)) return undefined;
  response.detachSocket(socket);
  for (const event of ['data', 'end', 'drain', 'timeout']) socket.removeAllListeners(event);
  parser.unconsume();
  const rest = new PassThrough();
  socket.on('error', () => socket.destroy());
  socket.once('close', () => rest.end());
  socket.pipe(rest);
  socket.resume();
  return { socket, rest };
}

function isConsumingParser(value: unknown): value is ConsumingParser {
  return typeof value === 'object' && value !== null && 'unconsume' in value;
}
