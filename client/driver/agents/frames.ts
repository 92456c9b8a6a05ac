/**
 * Messages of the SSH agent protocol (draft-ietf-sshm-ssh-agent, section 3): a 32-bit length, a type byte, the rest.
 * Only what a build may ask of an agent is known here; everything else is refused before it reaches one.
 */

import { NaruError } from '../../../core/errors.ts';

export const REQUEST_IDENTITIES = 11;
export const IDENTITIES_ANSWER = 12;
export const SIGN_REQUEST = 13;
export const SIGN_RESPONSE = 14;

/** SSH_AGENT_FAILURE. */
export const REFUSAL: Uint8Array = Uint8Array.of(5);

/** OpenSSH's own limit of a message. */
const MAX_MESSAGE_BYTES = 256 * 1024;

/** Messages as they come, without their length. Ends with the stream. @throws NaruError "invalid-argument" for one that is too large */
export async function* readMessages(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, void> {
  let pending = Buffer.alloc(0);
  for await (const chunk of stream) {
    pending = Buffer.concat([pending, chunk]);
    for (;;) {
      if (pending.length < 4) break;
      const size = pending.readUInt32BE(0);
      if (size > MAX_MESSAGE_BYTES) {
        throw new NaruError('invalid-argument', 'E_AGENT_MESSAGE', `an agent's message has ${size} bytes`);
      }
      if (pending.length < 4 + size) break;
      yield pending.subarray(4, 4 + size);
      pending = pending.subarray(4 + size);
    }
  }
}

/** With its length in front. */
export function frame(message: Uint8Array): Buffer {
  return sshString(message);
}

/** A `string` of the SSH protocol (RFC 4251, section 5). */
export function sshString(bytes: Uint8Array | string): Buffer {
  const content = Buffer.from(bytes);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

/** The strings that a message begins with, and what is behind them; undefined when it is cut short. */
export function readStrings(
  message: Buffer,
  count: number,
): { readonly strings: readonly Buffer[]; readonly rest: Buffer } | undefined {
  const strings: Buffer[] = [];
  let rest = message;
  for (let n = 0; n < count; n += 1) {
    if (rest.length < 4 || rest.length < 4 + rest.readUInt32BE(0)) return undefined;
    const end = 4 + rest.readUInt32BE(0);
    strings.push(rest.subarray(4, end));
    rest = rest.subarray(end);
  }
  return { strings, rest };
}
