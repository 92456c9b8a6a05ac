/** A keep-alive agent of node:http over any Duplex: a unix socket, an SSH channel, the pipes of a process. */

import { Agent } from 'node:http';
import type { Duplex } from 'node:stream';

/** Opens one more stream to the same peer. @throws NaruError "unavailable" when it cannot be reached */
export type Connect = (signal?: AbortSignal) => Promise<Duplex>;

/** One peer, whatever host a request names. */
export class DuplexAgent extends Agent {
  readonly #connect: Connect;

  constructor(connect: Connect, maxStreams: number) {
    super({ keepAlive: true, maxSockets: maxStreams, maxFreeSockets: maxStreams });
    this.#connect = connect;
  }

  override createConnection(
    _options: object,
    done?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    // The agent takes an error alone; its type asks for a stream as well.
    void this.#open(done as (error: Error | null, stream?: Duplex) => void);
    return undefined;
  }

  async #open(done: (error: Error | null, stream?: Duplex) => void): Promise<void> {
    let stream: Duplex;
    try {
      stream = asSocket(await this.#connect());
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    done(null, stream);
  }
}

/** What an agent calls on its sockets, and only a net.Socket has. Elsewhere there is nothing to do: an SSH connection has its own keepalive. */
const SOCKET_METHODS = ['ref', 'unref', 'setKeepAlive', 'setNoDelay', 'setTimeout'] as const;

function asSocket(stream: Duplex): Duplex {
  for (const name of SOCKET_METHODS) {
    if (!(name in stream)) Object.defineProperty(stream, name, { value: () => stream });
  }
  return stream;
}
