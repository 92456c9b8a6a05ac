/**
 * Asks an engine on this machine to look at a directory (core/protocol/context-look.ts).
 * It is asked early and answers beside the client's own start, which then need not look at each file itself.
 */

import { realpathSync } from 'node:fs';

import {
  CONTEXT_LOOK_PATH,
  decodeContextLookAnswer,
  type SeenDirectory,
} from '../../../core/protocol/context-look.ts';
import { fileView } from '../../../local/file-view.ts';
import type { EngineConnection } from '../engine/connection.ts';

/** Undefined for an engine that cannot, or sees other files; never fails. */
export async function askEngineToLook(
  engine: EngineConnection,
  directory: string,
): Promise<SeenDirectory | undefined> {
  const view = fileView();
  if (engine.kind !== 'naru' || view === undefined) return undefined;
  try {
    const body = { view, directory: realpathSync(directory) };
    const call = { method: 'POST', path: CONTEXT_LOOK_PATH, body } as const;
    return (await engine.json(call, decodeContextLookAnswer)).seen;
  } catch {
    return undefined; // looking for ourselves says what is wrong
  }
}
