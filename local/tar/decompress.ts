/**
 * Recognises how an archive is compressed from its first bytes and undoes it: gzip, zstd (where Node has it: 22.15 and newer), or nothing.
 * Magic numbers: RFC 1952 §2.3.1, RFC 8878 §3.1.1, and those of bzip2 and xz, which are refused by name.
 */

import { Readable, type Transform } from 'node:stream';

import { NaruError } from '../../core/errors.ts';

export type Compression = 'none' | 'gzip' | 'zstd';

/** By magic number. @throws NaruError "unimplemented" E_COMPRESSION for bzip2 and xz */
function detectCompression(start: Uint8Array): Compression {
  const hex = Buffer.from(start.subarray(0, 6)).toString('hex');
  if (hex.startsWith('1f8b08')) return 'gzip';
  if (hex.startsWith('28b52ffd')) return 'zstd';
  for (const [magic, name] of [
    ['425a68', 'bzip2'],
    ['fd377a585a00', 'xz'],
  ] as const) {
    if (hex.startsWith(magic)) {
      throw new NaruError('unimplemented', 'E_COMPRESSION', `${name} compression is not supported`, {
        hint: 'compress with gzip or zstd',
      });
    }
  }
  return 'none';
}

/**
 * The uncompressed bytes of a source; chunks of at most a few hundred KiB. Concatenated gzip members count as one, as gunzip reads them.
 * @throws NaruError "invalid-argument" E_DECOMPRESS when the data is damaged or ends early
 */
export async function* decompressed(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  const iterator = source[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let size = 0;
  while (size < 6) {
    const next = await iterator.next();
    if (next.done === true) break;
    first.push(next.value);
    size += next.value.length;
  }
  const start = Buffer.concat(first);
  const rest = continued(start, iterator);
  const decoder = await decoderFor(detectCompression(start));
  if (decoder === undefined) yield* rest;
  else yield* through(rest, decoder);
}

async function decoderFor(compression: Compression): Promise<Transform | undefined> {
  if (compression === 'none') return undefined;
  // Loaded when it is needed: clients start sooner without.
  const zlib = await import('node:zlib');
  switch (compression) {
    case 'gzip':
      return zlib.createGunzip({ chunkSize: 256 * 1024 });
    case 'zstd':
      if (!('createZstdDecompress' in zlib)) {
        throw new NaruError('unimplemented', 'E_COMPRESSION', 'this Node has no zstd', {
          hint: 'use Node 24',
        });
      }
      return (zlib.createZstdDecompress as (options: object) => Transform)({ chunkSize: 256 * 1024 }); // newer than the types of Node 20
  }
}

async function* continued(
  start: Uint8Array,
  iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    if (start.length > 0) yield start;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}

async function* through(
  source: AsyncIterable<Uint8Array>,
  decoder: Transform,
): AsyncGenerator<Uint8Array, void, void> {
  const input = Readable.from(source, { objectMode: false });
  let inputError: unknown;
  input.once('error', (error) => {
    inputError = error;
    decoder.destroy(error);
  });
  input.pipe(decoder);
  try {
    for await (const chunk of decoder) yield chunk as Uint8Array; // a zlib stream yields Buffers
  } catch (error) {
    if (inputError !== undefined) throw inputError;
    const text = `damaged compressed data: ${error instanceof Error ? error.message : String(error)}`;
    throw new NaruError('invalid-argument', 'E_DECOMPRESS', text, { cause: error });
  } finally {
    input.destroy();
    decoder.destroy();
  }
}
