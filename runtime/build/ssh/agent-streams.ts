/** The connections to clients' SSH agents (core/protocol/agent-stream.ts): parked by clients, taken by steps. */

import type { Readable, Writable } from 'node:stream';

import { NaruError } from '../../../core/errors.ts';

/** Both directions of a connection; `input` ends and `output` closes when the client leaves. */
export interface ClientStream {
  readonly input: Readable;
  readonly output: Writable;
}

/** A connection to an agent, to be closed by who opened it. */
export interface AgentStream extends ClientStream {
  close(): void;
}

/** Opens one connection to an agent. @throws NaruError "unavailable" when its client is gone */
export type OpenAgent = (signal: AbortSignal) => Promise<AgentStream>;

/** The client parks the next connection as soon as one is used, so more than a moment means that it is gone. */
const PATIENCE_MS = 10_000;

/** One per engine. */
export class AgentStreams {
  readonly #parked = new Map<string, AgentStream[]>();
  readonly #waiting = new Map<string, ((stream: AgentStream) => void)[]>();

  /** Resolves when the connection is over: used up, or left by its client. */
  park(session: string, stream: ClientStream): Promise<void> {
    return new Promise((resolve) => {
      const parked: AgentStream = { ...stream, close: resolve };
      stream.output.once('close', () => {
        this.#remove(session, parked);
        resolve();
      });
      const wanted = this.#waiting.get(session)?.shift();
      if (wanted !== undefined) wanted(parked);
      else this.#parked.set(session, [...(this.#parked.get(session) ?? []), parked]);
    });
  }

  /** How a build that was given this session reaches its agent. */
  opener(session: string): OpenAgent {
    return (signal) => this.#take(session, signal);
  }

  #take(session: string, signal: AbortSignal): Promise<AgentStream> {
    const [first] = this.#parked.get(session) ?? [];
    if (first !== undefined) {
      this.#remove(session, first);
      return Promise.resolve(first);
    }
    return new Promise((resolve, reject) => {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
      const take = (stream: AgentStream): void => {
        limit.removeEventListener('abort', leave);
        resolve(stream);
      };
      const leave = (): void => {
        const left = (this.#waiting.get(session) ?? []).filter((other) => other !== take);
        this.#setWaiting(session, left);
        reject(
          new NaruError('unavailable', 'E_SSH_AGENT', "the client's SSH agent cannot be reached any more"),
        );
      };
      limit.addEventListener('abort', leave, { once: true });
      this.#setWaiting(session, [...(this.#waiting.get(session) ?? []), take]);
    });
  }

  #setWaiting(session: string, waiting: ((stream: AgentStream) => void)[]): void {
    if (waiting.length === 0) this.#waiting.delete(session);
    else this.#waiting.set(session, waiting);
  }

  #remove(session: string, stream: AgentStream): void {
    const left = (this.#parked.get(session) ?? []).filter((other) => other !== stream);
    if (left.length === 0) this.#parked.delete(session);
    else this.#parked.set(session, left);
  }
}
