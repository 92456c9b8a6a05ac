/** `POST /containers/{id}/start`: from a stopped container to a running process. */

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { NaruError } from '../../../../core/errors.ts';
import type { Attachment, AttachRequest } from '../../../net/networking.ts';
import { makeConfig } from '../../../oci-runtime/config.ts';
import { createMonitored, MonitorError } from '../../../oci-runtime/conmon.ts';
import { crunStart } from '../../../oci-runtime/crun.ts';
import { bundleDir } from '../../../oci-runtime/runtime-dirs.ts';
import { startFailure } from '../../../oci-runtime/runtime-errors.ts';
import type { ContainerEntry } from '../container-entry.ts';
import { publishContainer } from '../container-events.ts';
import type { ContainerRecord } from '../container.ts';
import type { ContainerParts } from '../parts.ts';
import { beginHealth } from './health.ts';
import { logOf } from './log-file.ts';
import { writeEtcFiles } from './etc-directory.ts';
import { watchMonitor } from './monitor-watch.ts';
import { planContainer } from './plan.ts';
import { releaseRun } from './release.ts';
import { removeLocked } from './remove.ts';
import { ensureWorkingDirectory, makeMountPoints, markAsContainer } from './rootfs.ts';
import { checkSources } from './mount-source.ts';
import { holdRootfs, RUN_HOLDER } from './rootfs-mount.ts';
import { mountVolumes } from './run-volumes.ts';

/** @throws not-modified when it runs, conflict when it is paused or being removed, else why it could not be started */
export async function startContainer(parts: ContainerParts, entry: ContainerEntry): Promise<void> {
  await entry.exclusive(async () => {
    checkStartable(entry);
    checkSources(entry.record);
    entry.change({ isStoppedByUser: false });
    await startLocked(parts, entry);
  });
}

/** Inside `exclusive`: starts and, when that fails, leaves the container as Docker does. */
export async function startLocked(parts: ContainerParts, entry: ContainerEntry): Promise<void> {
  clearTimeout(entry.restartTimer);
  entry.isStopping = false;
  try {
    await run(parts, entry);
  } catch (error) {
    const failure = describeFailure(entry.record, error);
    await releaseRun(parts, entry);
    for (const session of entry.pendingSessions) session.finish();
    entry.pendingSessions.clear();
    const status = entry.state.startedAt === undefined ? 'created' : 'exited';
    const message = failure.error instanceof Error ? failure.error.message : '';
    entry.changeState({ status, pid: 0, exitCode: failure.exitCode, error: message });
    entry.tell(['next-exit', 'not-running']);
    if (entry.record.host.autoRemove === true) await removeLocked(parts, entry, { volumes: true });
    throw failure.error;
  }
}

/** What the network needs to know of a container; the same again when the engine takes over a running one. */
export function attachRequest(record: ContainerRecord): AttachRequest {
  const { host, config } = record;
  const mode = host.networkMode === 'none' || config.networkDisabled === true ? 'none' : 'bridge';
  const shortId = record.id.slice(0, 12);
  return {
    containerId: record.id,
    containerName: record.name,
    hostname: config.hostname ?? shortId,
    mode: host.networkMode === 'host' ? 'host' : mode,
    endpoints: record.networks.map((endpoint) =>
      // Docker: on networks of the user a container is found by its short id as well.
      endpoint.network === 'bridge'
        ? endpoint
        : { ...endpoint, aliases: [...new Set([...endpoint.aliases, shortId])] },
    ),
    ports: portsOf(record),
    dnsServers: host.dns ?? [],
  };
}

function portsOf(record: ContainerRecord): AttachRequest['ports'] {
  const given = record.host.portBindings ?? [];
  if (record.host.publishAllPorts !== true) return given;
  const exposed = (record.config.exposedPorts ?? []).map((text) => {
    const [port, protocol] = text.split('/');
    return {
      containerPort: Number(port),
      protocol: protocol === 'udp' ? 'udp' : 'tcp',
      hostIp: '',
      hostPort: 0,
    } as const;
  });
  const missing = exposed.filter(
    (port) =>
      !given.some((own) => own.containerPort === port.containerPort && own.protocol === port.protocol),
  );
  return [...given, ...missing];
}

function checkStartable(entry: ContainerEntry): void {
  switch (entry.state.status) {
    case 'created':
    case 'exited':
    case 'restarting':
      return;
    case 'running':
      throw new NaruError('not-modified', 'E_ALREADY_STARTED', `container ${entry.id} is already started`);
    case 'paused':
      throw conflict('cannot start a paused container, try unpause instead');
    case 'removing':
    case 'dead':
      throw conflict('container is marked for removal and cannot be started');
  }
}

async function run(parts: ContainerParts, entry: ContainerEntry): Promise<void> {
  const { record } = entry;
  const bundle = bundleDir(parts.dirs, record.id);
  void parts.migrationLock.warm(); // nobody has to wait for it
  mountVolumes(parts, entry);
  const [rootfs, attachment] = await settleBoth(
    holdRootfs(parts, entry, RUN_HOLDER),
    attachNetwork(parts, record),
    rm(bundle, { recursive: true, force: true }).then(() => mkdir(bundle, { recursive: true })),
  );
  if (attachment !== undefined) entry.change({ attachment });
  writeEtcFiles(parts, record, attachment);
  markAsContainer(rootfs);
  ensureWorkingDirectory(rootfs, record.config.workingDir ?? '/');
  const plan = planContainer(parts, record, rootfs, attachment);
  makeMountPoints(rootfs, plan.mounts.user);
  const config = makeConfig(plan, parts.facts);
  // It has the environment in it, and stands behind directories that others may pass.
  await writeFile(join(bundle, 'config.json'), JSON.stringify(config), { mode: 0o600 });
  parts.exits.forget(record.id);
  const pid = await createMonitored(parts.dirs, {
    id: record.id,
    tty: record.config.tty === true,
    stdin: record.config.openStdin === true,
    // Docker: a terminal stays open although StdinOnce is set; its client leaves by the detach keys and comes back.
    leaveStdinOpen: record.config.stdinOnce !== true || record.config.tty === true,
    log: logOf(parts, record),
  });
  await Promise.all([...entry.pendingSessions].map((session) => session.connectTo(bundle)));
  entry.pendingSessions.clear();
  // Stored before the process runs: an engine that dies here finds a created container and ends it, never a lost one.
  const startedAt = new Date();
  entry.changeState({ status: 'running', pid, exitCode: 0, error: '', oomKilled: false, startedAt });
  await crunStart(parts.dirs, record.id);
  publishContainer(parts.events, entry, 'start');
  watchMonitor(parts, entry);
  beginHealth(parts, entry);
}

function attachNetwork(parts: ContainerParts, record: ContainerRecord): Promise<Attachment | undefined> {
  if (record.host.networkMode?.startsWith('container:') === true) return Promise.resolve(undefined);
  return parts.networking.attach(attachRequest(record));
}

/** Waits for all three even when one fails, so that nothing is made after it was released. */
async function settleBoth<A, B>(a: Promise<A>, b: Promise<B>, c: Promise<unknown>): Promise<[A, B]> {
  await Promise.allSettled([a, b, c]);
  await c;
  return [await a, await b];
}

function describeFailure(
  record: ContainerRecord,
  error: unknown,
): { readonly error: unknown; readonly exitCode: number } {
  if (!(error instanceof MonitorError)) return { error, exitCode: 128 };
  const command = record.config.entrypoint?.[0] ?? record.config.cmd?.[0] ?? '';
  return startFailure(error.message, command);
}

function conflict(message: string): NaruError {
  return new NaruError('conflict', 'E_STATE', message);
}
