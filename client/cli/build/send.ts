/** Contexts on their way to the engine, with a line in the terminal that says how far they are. */

import type { BuildOptions } from '../../../core/build/options.ts';
import type { EngineConnection } from '../../driver/engine/connection.ts';
import { sendArchive } from '../../driver/engine/naru.ts';
import type { ContextSource } from '../../driver/sync/context-source.ts';
import { syncContext, type SyncProgress } from '../../driver/sync/context-sync.ts';
import type { CliIo } from '../io.ts';
import { StatusLine } from '../status-line.ts';
import { formatBytes } from '../units.ts';
import type { BuildSource, SourceContext } from './source.ts';

export interface SentContexts {
  /** For `BuildRequest.contexts`: '' where the main context is files. */
  readonly contexts: Readonly<Record<string, string>>;
  /** Names the main context where the engine has it otherwise. */
  readonly options: Pick<BuildOptions, 'context'>;
}

/** Sends what the engine lacks of the main context and of named directories; an address is left to it. */
export async function sendContexts(
  engine: EngineConnection,
  { context }: BuildSource,
  named: ReadonlyMap<string, ContextSource>,
  io: CliIo,
): Promise<SentContexts> {
  const status = new StatusLine(io);
  try {
    const main = await sendMain(engine, context, status, io.signal);
    const contexts: Record<string, string> = { ...main.contexts };
    for (const [name, files] of named) contexts[name] = await sendFiles(engine, files, status, io.signal);
    return { ...main, contexts };
  } finally {
    status.clear();
  }
}

async function sendMain(
  engine: EngineConnection,
  context: SourceContext,
  status: StatusLine,
  signal: AbortSignal,
): Promise<SentContexts> {
  switch (context.kind) {
    case 'files':
      return { contexts: { '': await sendFiles(engine, context.files, status, signal) }, options: {} };
    case 'address':
      return { contexts: {}, options: { context: context.context } };
    case 'archive': {
      status.update('sending the archive');
      const checksum = await sendArchive(engine, context.bytes, signal);
      return { contexts: {}, options: { context: { kind: 'http', url: '', checksum, isArchive: true } } };
    }
  }
}

async function sendFiles(
  engine: EngineConnection,
  files: ContextSource,
  status: StatusLine,
  signal: AbortSignal,
): Promise<string> {
  status.update('looking at the files of the context');
  const onProgress = ({ sentBytes, totalBytes }: SyncProgress): void =>
    status.update(`sending files: ${formatBytes(sentBytes)} of ${formatBytes(totalBytes)}`);
  return (await syncContext(engine, files, { onProgress, signal })).id;
}
