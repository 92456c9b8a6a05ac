/** What a build on Naru's engine made, on its way to the client; the messages are core/protocol/build-output.ts. */

import { buildArchivePath, buildFilesPath } from '../../../core/protocol/build-output.ts';
import type { EngineConnection } from './connection.ts';

/** The tar of its files. */
export async function buildFiles(
  engine: EngineConnection,
  build: string,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  return (await engine.stream({ method: 'GET', path: buildFilesPath(build), signal })).body;
}

/** The image as `docker save` writes it, under these names. */
export async function buildArchive(
  engine: EngineConnection,
  build: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const query = { name: names };
  return (await engine.stream({ method: 'GET', path: buildArchivePath(build), query, signal })).body;
}
