/** What stands on stdin: an archive or text, told by its first bytes, as in buildx. */

/** Enough for the header of a tar. */
const PEEKED_BYTES = 512;

export interface Peeked {
  /** The first bytes; fewer where there are no more. */
  readonly start: Buffer;
  /** All of them, to be read once. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Reads as much as is needed to tell, and gives everything back. */
export async function peek(stream: AsyncIterable<unknown>): Promise<Peeked> {
  const chunks = stream[Symbol.asyncIterator]();
  const read: Buffer[] = [];
  let size = 0;
  while (size < PEEKED_BYTES) {
    const { value, done } = await chunks.next();
    if (done === true) break;
    const bytes = Buffer.from(value as Uint8Array); // stdin has no encoding set
    read.push(bytes);
    size += bytes.length;
  }
  async function* all(): AsyncGenerator<Uint8Array, void, void> {
    yield* read;
    for (;;) {
      const { value, done } = await chunks.next();
      if (done === true) return;
      yield value as Uint8Array; // the same stream
    }
  }
  return { start: Buffer.concat(read).subarray(0, PEEKED_BYTES), bytes: all() };
}

/** gzip, bzip2, xz and zstd by their magic bytes. */
const MAGICS = ['1f8b08', '425a68', 'fd377a585a00', '28b52ffd'];

export function isArchiveStart(start: Buffer): boolean {
  const hex = start.toString('hex', 0, 6);
  return MAGICS.some((magic) => hex.startsWith(magic)) || start.toString('latin1', 257, 262) === 'ustar';
}
