/** The engine of the extension's interface, over client/driver: Naru's own engine, Docker or Podman. */

import { pruneBuildCache } from '../../driver/engine/builds.ts';
import { resolveCache, resolveImages } from '../../driver/engine/naru.ts';
import type { EngineConnection } from '../../driver/engine/connection.ts';
import type { ContainerSummary } from '../../driver/engine/container-model.ts';
import {
  createContainer,
  listContainers,
  pruneContainers,
  removeContainer,
  startContainer,
  stopContainer,
} from '../../driver/engine/containers.ts';
import { engineEvents } from '../../driver/engine/events.ts';
import { startExec } from '../../driver/engine/exec.ts';
import { listImages, pruneImages, removeImage } from '../../driver/engine/images.ts';
import { pruneNetworks } from '../../driver/engine/networks.ts';
import type { OutputChunk } from '../../driver/engine/output.ts';
import { containerLogs } from '../../driver/engine/streams.ts';
import { makePortForwarder, type PortForwarder } from '../../driver/ports/forwarder.ts';
import { forwardPublished } from '../../driver/ports/published.ts';
import type { Target } from '../../driver/targets/target.ts';
import { buildImage } from './driver-build.ts';
import type {
  BuildOptions,
  ContainerInfo,
  Engine,
  RunOptions,
  ShellSession,
  TerminalSize,
} from './engine.ts';

/** The first of these that is there becomes the shell. */
const SHELL = ['/bin/sh', '-c', 'if command -v bash >/dev/null 2>&1; then exec bash; else exec sh; fi'];

/** Takes over target and connection; `close` lets go of both. */
export function driverEngine(target: Target, connection: EngineConnection): Engine {
  const forwarder = target.openPort === undefined ? undefined : makePortForwarder(target.openPort);

  async function containers(): Promise<readonly ContainerInfo[]> {
    const summaries = await listContainers(connection, { isAll: true });
    return summaries.map((summary) => containerInfo(summary, forwarder));
  }
  return {
    name: target.label,
    platform: { os: 'linux', architecture: connection.arch },
    containers,
    images: () => listImages(connection),
    async run(options) {
      const id = await runContainer(connection, options);
      if (forwarder !== undefined) await forwardPublished(connection, forwarder);
      const found = (await containers()).find((container) => container.id === id);
      return (
        found ?? { id, name: id.slice(0, 12), image: options.image, isRunning: false, status: '', ports: [] }
      );
    },
    startContainer: async (id) => void (await startContainer(connection, id)),
    stopContainer: async (id) => void (await stopContainer(connection, id)),
    removeContainer: (id) => removeContainer(connection, id, { isForced: true }),
    removeImage: async (name) => void (await removeImage(connection, name)),
    prune: () => prune(connection),
    logs: (id, signal) => decoded(containerLogs(connection, id, { isFollowing: true, signal })),
    openShell: (id, size) => openShell(connection, id, size),
    build: (options: BuildOptions, signal) => buildImage(connection, options, signal),
    async *events(signal) {
      if (forwarder !== undefined) await forwardPublished(connection, forwarder);
      for await (const event of engineEvents(connection, { signal })) {
        if (event.type === 'container' && forwarder !== undefined)
          await forwardPublished(connection, forwarder);
        yield event;
      }
    },
    resolveCache: async ({ vertices }) => ({ lookups: await resolveCache(connection, { vertices }) }),
    resolveImages: async (request) => ({ images: await resolveImages(connection, request) }),
    close() {
      connection.dispose();
      void forwarder?.close();
      void target.dispose();
    },
  };
}

async function runContainer(connection: EngineConnection, options: RunOptions): Promise<string> {
  const { id } = await createContainer(connection, options);
  try {
    await startContainer(connection, id);
  } catch (error) {
    // A container that could not be started is of no use to anybody; the first error is the one to tell.
    await removeContainer(connection, id, { isForced: true }).catch(() => undefined);
    throw error;
  }
  return id;
}

async function prune(connection: EngineConnection): Promise<number> {
  const containers = await pruneContainers(connection);
  const images = await pruneImages(connection, false);
  await pruneNetworks(connection);
  const cache = await pruneBuildCache(connection, { isAll: false });
  return containers.reclaimedBytes + images.reclaimedBytes + cache.reclaimedBytes;
}

function containerInfo(summary: ContainerSummary, forwarder: PortForwarder | undefined): ContainerInfo {
  const forwarded = new Map(forwarder?.current().map(({ hostPort, localPort }) => [hostPort, localPort]));
  const ports = summary.ports
    .filter((port) => port.hostPort > 0 && !port.hostIp.includes(':'))
    .map(({ containerPort, hostPort, protocol }) => {
      return { containerPort, hostPort: forwarded.get(hostPort) ?? hostPort, protocol };
    });
  return {
    id: summary.id,
    name: summary.name,
    image: summary.image,
    isRunning: summary.state === 'running',
    status: summary.status,
    ports,
  };
}

async function openShell(
  connection: EngineConnection,
  id: string,
  size: TerminalSize,
): Promise<ShellSession> {
  const session = await startExec(connection, id, {
    command: SHELL,
    isTty: true,
    hasStdin: true,
    env: ['TERM=xterm-256color'],
    size,
  });
  return {
    write: (data) => void session.input.write(data),
    // A shell that has just ended has no size any more.
    resize: (next) => void session.resize(next).catch(() => undefined),
    output: decoded(session.output),
    exitCode: () => session.exitCode(),
    close: () => void session.input.destroy(),
  };
}

/** Characters that arrive in two parts stay whole; each stream is decoded by itself. */
async function* decoded(chunks: AsyncIterable<OutputChunk>): AsyncGenerator<string, void, void> {
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  for await (const { stream, bytes } of chunks) yield decoders[stream].decode(bytes, { stream: true });
}
