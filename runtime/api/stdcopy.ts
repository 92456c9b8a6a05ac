/**
 * Docker's framing of stdout and stderr in one stream (Engine API, "Stream format" of ContainerAttach):
 * one byte stream number, three zero bytes, four bytes length big-endian, then that many bytes.
 */

import { Writable } from 'node:stream';

import { writableAgain } from './writable-again.ts';

export type OutputStream = 'stdout' | 'stderr';

/** One frame: header and payload. */
export function frame(stream: OutputStream, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream === 'stdout' ? 1 : 2;
  header.writeUInt32BE(payload.byteLength, 4);
  return Buffer.concat([header, payload]);
}

/** A stream whose chunks become frames of `out`. Ending it leaves `out` open: the other stream may still write. */
export function framed(stream: OutputStream, out: Writable): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (out.writableEnded || out.destroyed) return done();
      if (out.write(frame(stream, chunk))) return done();
      void settle(out, done);
    },
  });
}

async function settle(out: Writable, done: () => void): Promise<void> {
  await writableAgain(out);
  done();
}

/** What Docker calls the stream of a container; before API 1.42 both kinds had the raw name. */
export function streamContentType(isTty: boolean, apiMinor: number): string {
  const kind = isTty || apiMinor < 42 ? 'raw' : 'multiplexed';
  return `application/vnd.docker.${kind}-stream`;
}
