/**
 * Writes canonical tar archives (core/tar/encoder.ts) as a stream of chunks; pull based, constant memory.
 */

import { NaruError } from '../../core/errors.ts';
import { encodeEntry, TRAILER_BYTES } from '../../core/tar/encoder.ts';
import { paddingBytes, type TarEntry } from '../../core/tar/entry.ts';

export interface NewTarMember {
  readonly entry: TarEntry;
  /** Exactly `entry.sizeBytes` bytes; absent for members without content. */
  readonly content?: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/**
 * The archive's bytes, end mark included. Wrap in `Readable.from(…, { objectMode: false })` where a stream is wanted.
 * @throws NaruError "internal" E_TAR_CONTENT when a content is not as long as its entry says; whatever the members throw
 */
export async function* writeTar(
  members: AsyncIterable<NewTarMember> | Iterable<NewTarMember>,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const { entry, content } of members) {
    yield encodeEntry(entry);
    let written = 0;
    for await (const chunk of content ?? []) {
      written += chunk.length;
      if (written > entry.sizeBytes) break;
      yield chunk;
    }
    if (written !== entry.sizeBytes) {
      const text = `content of ${JSON.stringify(entry.path)} does not have ${entry.sizeBytes} bytes`;
      throw new NaruError('internal', 'E_TAR_CONTENT', text, { hint: 'the file changed while it was read' });
    }
    const padding = paddingBytes(entry.sizeBytes);
    if (padding > 0) yield new Uint8Array(padding);
  }
  yield new Uint8Array(TRAILER_BYTES);
}
