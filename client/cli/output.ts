/** Output to the terminal, waiting where the reader is slow. */

import { once } from 'node:events';
import type { Writable } from 'node:stream';

import type { OutputChunk } from '../driver/engine/output.ts';
import type { CliIo } from './io.ts';

/** Output of a container, until it ends. */
export async function writeOutput(io: CliIo, output: AsyncIterable<OutputChunk>): Promise<void> {
  for await (const { stream, bytes } of output) {
    await write(stream === 'stderr' ? io.stderr : io.stdout, bytes);
  }
}

/** One piece. */
export async function write(target: Writable, bytes: Uint8Array | string): Promise<void> {
  if (!target.write(bytes)) await once(target, 'drain');
}
