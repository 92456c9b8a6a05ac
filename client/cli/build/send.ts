/** Contexts on their way to the engine, with a line in the terminal that says how far they are. */

import type { BuildOptions } from '../../../core/build/options.ts';
import type { EngineConnection } from '../../driver/engine/connection.ts';
import { sendArchive } from '../../driver/engine/naru.ts';
import { openContextSession } from '../../driver/sync/context-session.ts';
import type { ContextSource } from '../../driver/sync/context-source.ts';
import { syncContext, type SyncOptions, type SyncProgress } from '../../driver/sync/context-sync.ts';
import type { CliIo } from '../io.ts';
import { StatusLine } from '../status-line.ts';
import { formatBytes } from '../units.ts';
import type { NeededContexts } from './needed.ts';
import type { BuildSource, SourceContext } from './source.ts';

export interface SentContexts {
  /** For `BuildRequest.contexts`: '' where the main context is files. */
  readonly contexts: Readonly<Record<string, string>>;
  /** Names the main context where the engine has it otherwise. */
  readonly options: Pick<BuildOptions, 'context'>;
  /** To be called when no build is to begin with them any more, or has begun: they may be pruned then. */
  close(): void;
}

type SentMain = Pick<SentContexts, 'contexts' | 'options'>;

const NOTHING: SentMain = { contexts: {}, options: {} };

/** Sends what the engine lacks of the main context and of named directories, where the build needs them; an address is left to it. */
export async function sendContexts(
  engine: EngineConnection,
  { context }: BuildSource,
  named: ReadonlyMap<string, ContextSource>,
  needed: NeededContexts,
  io: CliIo,
): Promise<SentContexts> {
  const status = new StatusLine(io);
  const directories = [...named].filter(([name]) => needed.has(name));
  const isMainNeeded = context.kind !== 'files' || needed.has('');
  const hasFiles = (context.kind === 'files' && isMainNeeded) || directories.length > 0;
  const session = hasFiles ? openContextSession(engine, io.signal) : undefined;
  const options = { signal: io.signal, ...(session === undefined ? {} : { session }) };
  const close = (): void => session?.close();
  try {
    const main = isMainNeeded ? await sendMain(engine, context, status, options) : NOTHING;
    const contexts: Record<string, string> = { ...main.contexts };
    for (const [name, files] of directories) contexts[name] = await sendFiles(engine, files, status, options);
    return { ...main, contexts, close };
  } catch (error) {
    close();
    throw error;
  } finally {
    status.clear();
  }
}

async function sendMain(
  engine: EngineConnection,
  context: SourceContext,
  status: StatusLine,
  options: SyncOptions & { readonly signal: AbortSignal },
): Promise<SentMain> {
  switch (context.kind) {
    case 'files':
      return { contexts: { '': await sendFiles(engine, context.files, status, options) }, options: {} };
    case 'address':
      return { contexts: {}, options: { context: context.context } };
    case 'archive': {
      status.update('sending the archive');
      const checksum = await sendArchive(engine, context.bytes, options.signal);
      return { contexts: {}, options: { context: { kind: 'http', url: '', checksum, isArchive: true } } };
    }
  }
}

async function sendFiles(
  engine: EngineConnection,
  files: ContextSource,
  status: StatusLine,
  options: SyncOptions,
): Promise<string> {
  status.update('looking at the files of the context');
  const onProgress = (progress: SyncProgress): void => status.update(progressText(progress));
  return (await syncContext(engine, files, { ...options, onProgress })).id;
}

function progressText(progress: SyncProgress): string {
  switch (progress.kind) {
    case 'looking':
      return `looking at the files of the context: ${progress.nEntries}`;
    case 'reading': {
      const { nFiles, totalFiles, bytes, totalBytes } = progress;
      const read = `${formatBytes(bytes)} of ${formatBytes(totalBytes)}`;
      return `reading what changed: ${nFiles} of ${totalFiles} files, ${read}`;
    }
    case 'sending':
      return `sending files: ${formatBytes(progress.sentBytes)} of ${formatBytes(progress.totalBytes)}`;
  }
}
