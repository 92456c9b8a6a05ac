/** `POST /containers/{id}/attach`: a client joins the streams of a container, before or while it runs. */

import { DetachKeys } from '../../../../core/engine-api/detach-keys.ts';
import { NaruError } from '../../../../core/errors.ts';
import { bundleDir } from '../../../oci-runtime/runtime-dirs.ts';
import { resizeTerminal } from '../../../oci-runtime/conmon.ts';
import { frame, frameFilter, type OutputName } from '../../../oci-runtime/stream-frames.ts';
import type { ContainerEntry } from '../container-entry.ts';
import { publishContainer } from '../container-events.ts';
import type { ContainerParts } from '../parts.ts';
import type { AttachOptions, AttachSession } from '../requests.ts';
import { AttachStream } from './attach-stream.ts';
import { readLogs } from './logs.ts';

export async function attachContainer(
  parts: ContainerParts,
  entry: ContainerEntry,
  options: AttachOptions,
): Promise<AttachSession> {
  if (entry.state.status === 'paused') {
    throw new NaruError(
      'conflict',
      'E_PAUSED',
      `container ${entry.id} is paused, unpause the container before attach`,
    );
  }
  const isTty = entry.record.config.tty === true;
  const stream = makeStream(parts, entry, options, isTty);
  if (options.logs) await prependLogs(parts, entry, options, stream, isTty);
  publishContainer(parts.events, entry, 'attach');
  if (!options.stream) {
    stream.finish();
  } else if (entry.isRunning) {
    await stream.connectTo(bundleDir(parts.dirs, entry.id));
  } else {
    entry.pendingSessions.add(stream);
    stream.once('close', () => entry.pendingSessions.delete(stream));
  }
  return { isTty, stream };
}

/** @throws conflict in Docker's words when it does not run */
export async function resizeContainer(
  parts: ContainerParts,
  entry: ContainerEntry,
  height: number,
  width: number,
): Promise<void> {
  if (!entry.isRunning) {
    throw new NaruError('conflict', 'E_NOT_RUNNING', `container ${entry.id} is not running`);
  }
  await resizeTerminal(bundleDir(parts.dirs, entry.id), height, width);
  publishContainer(parts.events, entry, 'resize', { height: String(height), width: String(width) });
}

function makeStream(
  parts: ContainerParts,
  entry: ContainerEntry,
  options: AttachOptions,
  isTty: boolean,
): AttachStream {
  const wanted = wantedStreams(options);
  const hasStdin = options.stdin && entry.record.config.openStdin === true;
  return new AttachStream({
    hasStdin,
    isTty,
    ...(isTty || wanted.size === 2 ? {} : { filter: frameFilter(wanted) }),
    ...(isTty && hasStdin ? { detachKeys: new DetachKeys(options.detachKeys) } : {}),
    onDetach: () => publishContainer(parts.events, entry, 'detach'),
  });
}

function wantedStreams(options: {
  readonly stdout: boolean;
  readonly stderr: boolean;
}): ReadonlySet<OutputName> {
  return new Set<OutputName>([
    ...(options.stdout ? ['stdout' as const] : []),
    ...(options.stderr ? ['stderr' as const] : []),
  ]);
}

async function prependLogs(
  parts: ContainerParts,
  entry: ContainerEntry,
  options: AttachOptions,
  stream: AttachStream,
  isTty: boolean,
): Promise<void> {
  const { stdout, stderr } = options;
  const records = readLogs(parts, entry, { stdout, stderr, signal: new AbortController().signal });
  for await (const record of records) {
    stream.prepend(isTty ? record.data : frame(record.stream, record.data));
  }
}
