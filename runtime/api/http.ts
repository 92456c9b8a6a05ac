/**
 * The HTTP floor: node:http on a unix socket, requests to endpoints, answers and errors to the wire.
 * The only place that writes statuses and headers; endpoints return values.
 */

import { createServer, ServerResponse, type IncomingMessage, type Server } from 'node:http';
import type { Duplex, Readable } from 'node:stream';

import { NaruError } from '../../core/errors.ts';
import { API_VERSION, NARU_VERSION } from '../../core/version.ts';
import { errorCode } from '../../local/error-code.ts';
import type { Log } from '../log.ts';
import { readJson, splitUpgraded } from './body.ts';
import type { Answer, ApiRequest, Endpoint } from './endpoint.ts';
import { errorStatus } from './error-status.ts';
import type { ApiParts } from './parts.ts';
import { readQuery } from './query.ts';
import type { RawConnection } from './raw-connection.ts';
import { makeRouter, type Router } from './router.ts';
import { hijack, writeAnswer } from './writing.ts';

/** An HTTP server for these endpoints; the caller listens and closes. */
export function makeHttpServer(endpoints: readonly Endpoint[], parts: ApiParts, log: Log): Server {
  const router = makeRouter(endpoints);
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0, headersTimeout: 60_000 });
  server.timeout = 0;
  server.on('request', (request, response) => {
    void serve({ router, parts, log }, request, response, request);
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    serveUpgrade({ router, parts, log }, request, socket, head);
  });
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    else socket.destroy();
  });
  return server;
}

interface Serving {
  readonly router: Router;
  readonly parts: ApiParts;
  readonly log: Log;
}

/** A connection that asked to be upgraded still gets an ordinary answer where the endpoint has nothing else. */
function serveUpgrade(serving: Serving, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  socket.on('error', () => socket.destroy());
  const nBodyBytes = Number(request.headers['content-length'] ?? 0);
  const { body, rest } = splitUpgraded(socket, head, nBodyBytes);
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  // The parser's socket is a net.Socket; @types only promises a Duplex.
  response.assignSocket(socket as Parameters<ServerResponse['assignSocket']>[0]);
  response.once('finish', () => socket.end());
  void serve(serving, request, response, body, { socket, rest });
}

async function serve(
  serving: Serving,
  request: IncomingMessage,
  response: ServerResponse,
  body: Readable,
  upgraded?: RawConnection,
): Promise<void> {
  const abort = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) abort.abort();
  });
  upgraded?.socket.once('close', () => abort.abort());
  setCommonHeaders(response);
  try {
    const answer = await answerTo(serving, request, body, abort.signal);
    if (answer.kind === 'hijack') await hijack(answer, request, response, upgraded);
    else await writeAnswer(response, answer, request.method === 'HEAD');
  } catch (error) {
    if (abort.signal.aborted && isOfLeaving(error, abort.signal)) {
      // Nobody is there to be answered, and a wait or a stream that was given up is no fault of anyone.
      serving.log.info(`${request.method} ${request.url}: the client left`);
      response.destroy();
      return;
    }
    answerError(serving.log, request, response, error);
  }
}

/** What streams and waits say when the other side is gone; anything else is worth a look, whoever left. */
function isOfLeaving(error: unknown, signal: AbortSignal): boolean {
  if (error === signal.reason || (error instanceof NaruError && error.kind === 'cancelled')) return true;
  return LEAVING_CODES.has(errorCode(error));
}

const LEAVING_CODES: ReadonlySet<unknown> = new Set([
  'ABORT_ERR',
  'ECONNRESET',
  'EPIPE',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

function setCommonHeaders(response: ServerResponse): void {
  response.setHeader('Api-Version', API_VERSION);
  response.setHeader('Docker-Experimental', 'false');
  response.setHeader('Ostype', 'linux');
  response.setHeader('Server', `Naru/${NARU_VERSION} (linux)`);
}

async function answerTo(
  serving: Serving,
  request: IncomingMessage,
  body: Readable,
  signal: AbortSignal,
): Promise<Answer> {
  const url = urlOf(request.url ?? '/');
  const { endpoint, params, apiMinor } = serving.router(request.method ?? 'GET', url.pathname);
  const call: ApiRequest = {
    params: (name) => params[name] ?? '',
    query: readQuery(url.searchParams),
    headers: request.headers,
    apiMinor,
    body,
    signal,
    json: (decode) => readJson(body, decode),
  };
  return endpoint.handle(call, serving.parts);
}

/** No name, path or value on Linux holds a NUL. @throws invalid-argument, not-found */
function urlOf(text: string): URL {
  if (text.includes('%00')) {
    throw new NaruError('invalid-argument', 'E_NUL', 'the URL holds a NUL character');
  }
  const url = text.startsWith('/') ? URL.parse(`http://engine${text}`) : null;
  if (url === null) throw new NaruError('not-found', 'E_PAGE', 'page not found');
  return url;
}

function answerError(log: Log, request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const { status, message, hint } = errorStatus(error);
  const what = `${request.method} ${request.url}: ${status} ${message}`;
  if (status === 500) log.warn(what, error);
  else log.info(what);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  request.resume();
  if (status === 304) {
    response.writeHead(304).end();
    return;
  }
  // Our own clients show the hint below the sentence; Docker's bodies have no place for it.
  const isOurs = request.url?.startsWith('/naru/') === true;
  const text = `${JSON.stringify(isOurs && hint !== undefined ? { message, hint } : { message })}\n`;
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}
