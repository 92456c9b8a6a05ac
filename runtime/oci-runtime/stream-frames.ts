/**
 * Docker's multiplexed stream: 8 bytes `{1|2, 0, 0, 0, length big endian}` before each piece of stdout or stderr.
 * Source: Engine API, "Attach to a container", stream format.
 */

import { Transform } from 'node:stream';

const HEADER_BYTES = 8;

export type OutputName = 'stdout' | 'stderr';

/** Header and data in one buffer. */
export function frame(stream: OutputName, data: Uint8Array): Buffer {
  const out = Buffer.alloc(HEADER_BYTES + data.length);
  out[0] = stream === 'stdout' ? 1 : 2;
  out.writeUInt32BE(data.length, 4);
  out.set(data, HEADER_BYTES);
  return out;
}

/** Lets through whole frames of the wanted streams only. */
export function frameFilter(wanted: ReadonlySet<OutputName>): Transform {
  let pending: Buffer = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      let at = 0;
      while (pending.length - at >= HEADER_BYTES) {
        const end = at + HEADER_BYTES + pending.readUInt32BE(at + 4);
        if (end > pending.length) break;
        if (wanted.has(pending[at] === 2 ? 'stderr' : 'stdout')) this.push(pending.subarray(at, end));
        at = end;
      }
      pending = pending.subarray(at);
      done();
    },
  });
}
