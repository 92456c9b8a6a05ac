/** Puts answers on the wire: JSON, text, streams, and connections that are taken over (attach, exec start). */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { PassThrough, type Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';

import type { Answer } from './endpoint.ts';
import { takeOver, type RawConnection } from './raw-connection.ts';

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
  await answer.run({ input: rest, output: closingOnly(socket) });
  socket.end();
}

/** What `run` writes to: the socket, but ending it is left to `hijack`. */
function closingOnly(socket: Duplex): PassThrough {
  const out = new PassThrough();
  out.pipe(socket, { end: false });
  socket.once('close', () => out.destroy());
  return out;
}
