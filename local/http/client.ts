/**
 * HTTP/1.1 to one peer over streams the caller opens; the same client speaks over a unix socket, an SSH channel or a pipe.
 * Knows nothing of the Engine API: any status is an answer, only a peer that cannot be reached is an error.
 */

import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { NaruError } from '../../core/errors.ts';
import { errorCode } from '../error-code.ts';
import { type Connect, DuplexAgent } from './agent.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Texts and bytes are sent with their length, streams in chunks. */
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** Aborts the request and the response's body. */
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** To be read to its end or destroyed: the stream below is busy until then. */
  readonly body: IncomingMessage;
}

/** Both directions of a connection that left HTTP behind. */
export interface HttpUpgrade {
  readonly kind: 'upgraded';
  readonly headers: IncomingHttpHeaders;
  /** `end()` closes our direction only. Owned by the caller. */
  readonly stream: Duplex;
}

export interface HttpClientOptions {
  readonly connect: Connect;
  /** At once; further requests wait. Default 32. */
  readonly maxStreams?: number;
}

export class HttpClient {
  readonly #agent: DuplexAgent;

  constructor(options: HttpClientOptions) {
    this.#agent = new DuplexAgent(options.connect, options.maxStreams ?? 32);
  }

  /** @throws NaruError "unavailable" when the peer cannot be reached or breaks off, "cancelled" when the signal aborts */
  async request(asked: HttpRequest): Promise<HttpResponse> {
    const isReplayable =
      asked.body === undefined || typeof asked.body === 'string' || asked.body instanceof Uint8Array;
    for (let attempt = 1; ; attempt += 1) {
      const outgoing = this.#open(asked, {});
      try {
        const answer = await exchange(outgoing, asked);
        if (answer.kind === 'response') return answer.response;
        answer.stream.destroy();
        throw unreachable(asked, new Error('it left HTTP unasked'));
      } catch (error) {
        // The peer may close an idle stream just as it is taken into use again; nothing was processed then.
        if (!(attempt === 1 && isReplayable && outgoing.reusedSocket && isReset(error))) throw error;
      }
    }
  }

  /**
   * Asks the peer to leave HTTP (`Upgrade: tcp`), as attach and exec do. A peer that answers 200 instead has left it, too.
   * Any other status is the response.
   */
  async upgrade(asked: HttpRequest): Promise<HttpUpgrade | HttpResponse> {
    const outgoing = this.#open(asked, { connection: 'Upgrade', upgrade: 'tcp' });
    const answer = await exchange(outgoing, asked);
    if (answer.kind === 'upgraded') return answer;
    const { response } = answer;
    if (response.status !== 200) return response;
    return { kind: 'upgraded', headers: response.headers, stream: hijackedResponse(response.body) };
  }

  /** Closes idle streams and breaks off requests under way. */
  dispose(): void {
    this.#agent.destroy();
  }

  #open(asked: HttpRequest, extra: Readonly<Record<string, string>>): ClientRequest {
    const headers: Record<string, string> = { host: 'localhost', ...asked.headers, ...extra };
    if (typeof asked.body === 'string' || asked.body instanceof Uint8Array) {
      headers['content-length'] = String(Buffer.byteLength(asked.body));
    } else if (asked.body === undefined && asked.method !== 'GET' && asked.method !== 'HEAD') {
      headers['content-length'] = '0';
    }
    const { method, path } = asked;
    return request({ ...NO_SERVER_NAME, agent: this.#agent, method, path, headers });
  }
}

/** Otherwise the agent works out a name for TLS, and for that compiles what IPv6 addresses look like: 5 ms of a start. */
const NO_SERVER_NAME = { servername: '' };

type Exchanged = { readonly kind: 'response'; readonly response: HttpResponse } | HttpUpgrade;

/** Sends the body and waits for the head of the answer, which may come before the body is through. */
function exchange(outgoing: ClientRequest, asked: HttpRequest): Promise<Exchanged> {
  const { signal } = asked;
  return new Promise((resolve, reject) => {
    let isAnswered = false;
    const onAbort = (): void => void outgoing.destroy(cancelled(signal));
    function answer(exchanged: Exchanged, stream: Duplex | IncomingMessage): void {
      isAnswered = true;
      signal?.removeEventListener('abort', onAbort);
      followSignal(stream, signal);
      resolve(exchanged);
    }
    outgoing.once('response', (body) => {
      const response = { status: body.statusCode ?? 0, headers: body.headers, body };
      answer({ kind: 'response', response }, body);
    });
    outgoing.once('upgrade', (head, stream: Duplex, rest) => {
      // Whoever reads or writes it sees its errors; without a reader they must not end the process.
      stream.on('error', () => undefined);
      if (rest.length > 0) stream.unshift(rest);
      answer({ kind: 'upgraded', headers: head.headers, stream }, stream);
    });
    outgoing.on('error', (error) => {
      signal?.removeEventListener('abort', onAbort);
      reject(unreachable(asked, error));
    });
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
    sendBody(outgoing, asked.body).catch((error: unknown) => {
      // A peer that answered early may close before it has read everything: the answer counts, not the pipe.
      if (!isAnswered) outgoing.destroy(asError(error));
    });
  });
}

async function sendBody(outgoing: ClientRequest, body: HttpRequest['body']): Promise<void> {
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
    outgoing.end(body);
    return;
  }
  outgoing.flushHeaders();
  await pipeline(Readable.from(body, { objectMode: false }), outgoing);
}

/** The body of the answer is one direction, the stream below it the other. */
function hijackedResponse(body: IncomingMessage): Duplex {
  const below = body.socket;
  const hijacked = new Duplex({
    read: () => void body.resume(),
    write: (chunk: Uint8Array, _encoding, done) => void below.write(chunk, done),
    final: (done) => void below.end(done),
    destroy: (error, done) => {
      below.destroy();
      done(error);
    },
  });
  body.on('data', (chunk: Uint8Array) => {
    if (!hijacked.push(chunk)) body.pause();
  });
  body.once('end', () => hijacked.push(null));
  body.once('error', (error) => hijacked.destroy(error));
  return hijacked;
}

/** Lets a late abort break off what is being read. */
function followSignal(stream: Readable, signal: AbortSignal | undefined): void {
  if (signal === undefined) return;
  const onAbort = (): void => void stream.destroy(cancelled(signal));
  signal.addEventListener('abort', onAbort, { once: true });
  stream.once('close', () => signal.removeEventListener('abort', onAbort));
}

function isReset(error: unknown): boolean {
  const cause = error instanceof NaruError ? error.cause : error;
  return ['ECONNRESET', 'EPIPE'].includes(errorCode(cause));
}

/** Errors of `connect` are the caller's own and pass unchanged. */
function unreachable(asked: HttpRequest, cause: Error): NaruError {
  if (cause instanceof NaruError) return cause;
  const what = `${asked.method} ${asked.path.replace(/\?.*$/s, '')}`;
  return new NaruError(
    'unavailable',
    'E_CONNECTION',
    `the connection broke during ${what}: ${cause.message}`,
    {
      cause,
    },
  );
}

function cancelled(signal: AbortSignal | undefined): NaruError {
  const isTimeout = signal?.reason instanceof Error && signal.reason.name === 'TimeoutError';
  return isTimeout
    ? new NaruError('timeout', 'E_TIMEOUT', 'the other side did not answer in time', { cause: signal.reason })
    : new NaruError('cancelled', 'E_CANCELLED', 'the request was cancelled', { cause: signal?.reason });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
