/** Puts answers on the wire: JSON, text, streams, and connections that are taken over (attach, exec start). */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { PassThrough, type Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';

import { whenPeerHasRead } from '../host/peer-reading.ts';
import type { Answer } from './endpoint.ts';
import { takeOver, type RawConnection } from './raw-connection.ts';

/** A client that has not looked at the answer's head by then gets the output behind it. */
const HEAD_TIMEOUT_MS = 10_000;

/** Writes everything but a hijack. A stream's headers go out at once, so that clients see the status before the first byte. */
export async function writeAnswer(
  response: ServerResponse,
  answer: Exclude<Answer, { kind: 'hijack' }>,
  isHead: boolean,
): Promise<void> {
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  switch (answer.kind) {
    case 'json':
      return writeText(
        response,
        answer.status,
        'application/json',
        `${JSON.stringify(answer.body)}\n`,
        isHead,
      );
    case 'text':
      return writeText(response, answer.status, 'text/plain; charset=utf-8', answer.text, isHead);
    case 'empty':
      response.writeHead(answer.status);
      response.end();
      return;
    case 'stream':
      response.writeHead(200, { 'Content-Type': answer.contentType });
      response.flushHeaders();
      await answer.write(response);
      response.end();
      await finished(response).catch(() => undefined); // a client that left is not an error of ours
  }
}

function writeText(
  response: ServerResponse,
  status: number,
  contentType: string,
  text: string,
  isHead: boolean,
): void {
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(text) });
  response.end(isHead ? undefined : text);
}

/**
 * Hands the connection to `answer.run`: raw both ways, after `101 UPGRADED` or, for clients that did not ask for an upgrade, after a plain 200.
 * Where the connection cannot be had raw, the answer's body is the output and the request's body the input.
 */
export async function hijack(
  answer: Extract<Answer, { kind: 'hijack' }>,
  request: IncomingMessage,
  response: ServerResponse,
  upgraded: RawConnection | undefined,
): Promise<void> {
  const headers = Object.entries(response.getHeaders());
  const raw = upgraded ?? takeOver(request, response);
  if (raw === undefined) {
    response.writeHead(200, { 'Content-Type': answer.contentType, Connection: 'close' });
    response.flushHeaders();
    await answer.run({ input: request, output: response });
    response.end();
    return;
  }
  const { socket, rest } = raw;
  const head = [
    upgraded === undefined ? 'HTTP/1.1 200 OK' : 'HTTP/1.1 101 UPGRADED',
    ...headers.map(([name, value]) => `${name}: ${String(value)}`),
    `Content-Type: ${answer.contentType}`,
    ...(upgraded === undefined ? ['Connection: close'] : ['Connection: Upgrade', 'Upgrade: tcp']),
  ];
  // The response object has done its part: the socket is written directly from here on.
  if (upgraded !== undefined) {
    response.detachSocket(socket as Parameters<ServerResponse['detachSocket']>[0]); // the same net.Socket that was assigned
  }
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  const output = outputOf(socket);
  await answer.run({ input: rest, output });
  output.end();
}

/**
 * What `run` writes to; ending it ends the connection once everything is written.
 * Output follows when the client has read the head: docker-py (7.1.0) reads the head through a buffer and everything else past it,
 * so that what arrives together with the head is lost to it; on dockerd 28.5.2 it hung in 279 of 300 tries to attach with logs.
 */
function outputOf(socket: Duplex): PassThrough {
  const out = new PassThrough();
  socket.once('close', () => out.destroy());
  out.once('close', () => socket.end()); // also when `run` broke it
  void whenPeerHasRead(socket, HEAD_TIMEOUT_MS).then(() => out.pipe(socket, { end: false }));
  return out;
}
