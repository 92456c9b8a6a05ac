/**
 * Output of containers as an engine sends it: stdout and stderr framed into one stream, or raw where there is a terminal.
 * Frame: one byte stream number, three zero bytes, four bytes length big-endian, then that many bytes (Engine API, ContainerAttach, "Stream format").
 */

import { NaruError } from '../../../core/errors.ts';

export interface OutputChunk {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Uint8Array;
}

/** A terminal has one stream: everything is stdout. */
export async function* rawOutput(source: AsyncIterable<Uint8Array>): AsyncGenerator<OutputChunk, void, void> {
  for await (const bytes of source) yield { stream: 'stdout', bytes };
}

/**
 * Chunks as they arrive; a large frame comes in several, nothing is held back.
 *
 * @throws NaruError "unavailable" when the stream ends inside a frame or is not framed, "internal" with what the engine reports in it (stream 3)
 */
export async function* framedOutput(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<OutputChunk, void, void> {
  let header = Buffer.alloc(0);
  let stream: Stream = 'stdout';
  let nLeft = 0;
  let report = '';
  for await (const received of source) {
    let bytes = Buffer.from(received.buffer, received.byteOffset, received.byteLength);
    while (bytes.length > 0) {
      if (nLeft > 0) {
        const payload = bytes.subarray(0, nLeft);
        nLeft -= payload.length;
        bytes = bytes.subarray(payload.length);
        if (stream !== 'system') yield { stream, bytes: payload };
        else report += payload.toString();
        if (stream === 'system' && nLeft === 0) throw new NaruError('internal', 'E_ENGINE_STREAM', report);
        continue;
      }
      const taken = bytes.subarray(0, HEADER_BYTES - header.length);
      header = Buffer.concat([header, taken]);
      bytes = bytes.subarray(taken.length);
      if (header.length < HEADER_BYTES) continue;
      stream = streamOf(header);
      nLeft = header.readUInt32BE(4);
      header = Buffer.alloc(0);
    }
  }
  if (nLeft > 0 || header.length > 0) {
    throw new NaruError('unavailable', 'E_ENGINE_STREAM', 'the output broke off in the middle');
  }
}

type Stream = OutputChunk['stream'] | 'system';

const HEADER_BYTES = 8;
/** 0 is stdin, which some engines echo on stdout. */
const STREAMS: readonly (Stream | undefined)[] = ['stdout', 'stdout', 'stderr', 'system'];

function streamOf(header: Buffer): Stream {
  const stream = STREAMS[header[0] ?? 255];
  if (stream === undefined || header[1] !== 0 || header[2] !== 0 || header[3] !== 0) {
    throw new NaruError(
      'unavailable',
      'E_ENGINE_STREAM',
      'the output is not framed as the Engine API has it',
    );
  }
  return stream;
}
