/** Puts answers on the wire: JSON, text, streams, and connections that are taken over (attach, exec start). */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { PassThrough, type Duplex, type Readable } from 'node:stream';
import { finished } from 'node:stream/promises';

import type { Answer } from './endpoint.ts';

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
 * Hands the connection to `answer.run`: raw both ways after `101 UPGRADED`.
 * Without an upgrade header the answer is a plain 200 whose body is the output, and the request's body is the input.
 */
export async function hijack(
  answer: Extract<Answer, { kind: 'hijack' }>,
  request: IncomingMessage,
  response: ServerResponse,
  upgraded: { readonly socket: Duplex; readonly rest: Readable } | undefined,
): Promise<void> {
  if (upgraded === undefined) {
    response.writeHead(200, { 'Content-Type': answer.contentType, Connection: 'close' });
    response.flushHeaders();
    await answer.run({ input: request, output: response });
    response.end();
    return;
  }
  const { socket, rest } = upgraded;
  const head = [
    'HTTP/1.1 101 UPGRADED',
    ...Object.entries(response.getHeaders()).map(([name, value]) => `${name}: ${String(value)}`),
    `Content-Type: ${answer.contentType}`,
    'Connection: Upgrade',
    'Upgrade: tcp',
  ];
  // The response object has done its part: the socket is written directly from here on.
  response.detachSocket(socket as Parameters<ServerResponse['detachSocket']>[0]); // the same net.Socket that was assigned
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
