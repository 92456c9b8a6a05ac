/** Output of containers to the terminal, waiting where the reader is slow. */

import { once } from 'node:events';
import type { Writable } from 'node:stream';

import type { OutputChunk } from '../driver/engine/output.ts';
import type { CliIo } from './io.ts';

/** Until the output ends. */
export async function writeOutput(io: CliIo, output: AsyncIterable<OutputChunk>): Promise<void> {
  for await (const { stream, bytes } of output) {
    await write(stream === 'stderr' ? io.stderr : io.stdout, bytes);
  }
}

async function write(target: Writable, bytes: Uint8Array): Promise<void> {
  if (!target.write(bytes)) await once(target, 'drain');
}
