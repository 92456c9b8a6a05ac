/** `docker load` over an engine's socket. */

import { createReadStream } from 'node:fs';

import { ask } from '../support/engine.ts';

/** Images are kept under the names that the archive gives them. */
export async function loadIntoNaru(socketPath: string, archive: string): Promise<void> {
  const headers = { 'Content-Type': 'application/x-tar' };
  const { status, text } = await ask(socketPath, 'POST', '/images/load', createReadStream(archive), headers);
  if (status !== 200) throw new Error(`the base image could not be loaded: ${text}`);
}
