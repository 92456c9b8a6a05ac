/** Request bodies: bounded JSON, and the body of a request whose connection is being taken over. */

import { PassThrough, type Duplex, type Readable } from 'node:stream';

import type { Decoder } from '../../core/engine-api/decode.ts';
import { NaruError } from '../../core/errors.ts';

/** `\\u0000` that is an escape and not a written backslash. */
const NUL_ESCAPE = /(?<!\\)(?:\\\\)*\\u0000/;
const MAX_JSON_BYTES = 4 * 1024 * 1024;

/** Reads a JSON body of at most 4 MiB and decodes it. @throws invalid-argument */
export async function readJson<T>(body: Readable, decode: Decoder<T>): Promise<T> {
  const chunks: Uint8Array[] = [];
  let nBytes = 0;
  for await (const chunk of body) {
    const bytes = chunk as Uint8Array; // an object-mode stream never arrives here
    nBytes += bytes.byteLength;
    if (nBytes > MAX_JSON_BYTES) {
      throw new NaruError(
        'invalid-argument',
        'E_BODY_SIZE',
        `request body is larger than ${MAX_JSON_BYTES} bytes`,
      );
    }
    chunks.push(bytes);
  }
  const text = Buffer.concat(chunks).toString('utf8').trim();
  if (text === '') return decode(undefined, '');
  if (NUL_ESCAPE.test(text)) {
    throw new NaruError('invalid-argument', 'E_NUL', 'the request body holds a NUL character');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new NaruError('invalid-argument', 'E_BODY_JSON', `invalid JSON in request body: ${reason}`, {
      cause,
    });
  }
  return decode(value, '');
}

/**
 * Splits an upgraded connection into the request's body (its first `nBodyBytes`) and the raw bytes after it.
 * Node 24 leaves the body of an upgrade request on the socket; measured with 24.21.
 */
export function splitUpgraded(
  socket: Duplex,
  head: Buffer,
  nBodyBytes: number,
): { readonly body: Readable; readonly rest: Readable } {
  const body = new PassThrough();
  const rest = new PassThrough();
  let missing = nBodyBytes;
  function take(chunk: Buffer): void {
    if (missing > 0) {
      body.write(chunk.subarray(0, missing));
      const left = chunk.subarray(missing);
      missing = Math.max(0, missing - chunk.length);
      if (missing === 0) body.end();
      if (left.length > 0) write(left);
      return;
    }
    write(chunk);
  }
  function write(chunk: Buffer): void {
    if (rest.write(chunk)) return;
    socket.pause();
    rest.once('drain', () => socket.resume());
  }
  if (missing === 0) body.end();
  if (head.length > 0) take(head);
  socket.on('data', take);
  socket.once('end', () => {
    body.end();
    rest.end();
  });
  socket.once('close', () => {
    body.end();
    rest.end();
  });
  return { body, rest };
}
