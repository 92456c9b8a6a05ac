/**
 * Containers as a noun of the engine: Docker's operations on them.
 * This class is the face; each operation is a file in the folders beside it. No HTTP here.
 */

import { mkdirSync } from 'node:fs';
import type { Readable } from 'node:stream';

import { NaruError } from '../../../core/errors.ts';
import type { EndpointRequest } from '../../net/networking.ts';
import { removeCgroup } from '../../oci-runtime/cgroup-removal.ts';
import { MigrationLock } from '../../oci-runtime/migration-lock.ts';
import { ExitWatcher } from '../../oci-runtime/exits.ts';
import { readHostFacts } from '../../oci-runtime/host-facts.ts';
import { exitDir } from '../../oci-runtime/runtime-dirs.ts';
import type { Image } from '../images/image-store.ts';
import { publishContainer } from './container-events.ts';
import { ContainerTable, withoutSlash } from './container-table.ts';
import type { ContainerEntry } from './container-entry.ts';
import type { ResourceOptions, RestartPolicy } from './container.ts';
import { createContainer } from './create/create.ts';
import { checkName } from './names.ts';
import { listContainers } from './observe/list.ts';
import { pruneContainers, sizeOf } from './observe/size.ts';
import { sampleStats } from './observe/stats.ts';
import { topContainer } from './observe/top.ts';
import { snapshotKey, type ContainerParts, type ContainersDependencies } from './parts.ts';
import type * as requests from './requests.ts';
import { etcPaths } from './run/etc-directory.ts';
import { onExit } from './run/exit.ts';
import { logFileOf } from './run/log-file.ts';
import { recoverContainers } from './run/recover.ts';
import { removeContainer } from './run/remove.ts';
import { restartContainer } from './run/restart.ts';
import { startContainer } from './run/start.ts';
import { killContainer, pauseContainer, stopContainer, unpauseContainer } from './run/stop.ts';
import { connectNetwork, disconnectNetwork, updateContainer } from './run/update.ts';
import { waitForContainer } from './run/wait.ts';
import { attachContainer, resizeContainer } from './streams/attach.ts';
import { createExec, findExec, resizeExec, startExec } from './streams/exec.ts';
import { readLogs } from './streams/logs.ts';
import { archiveGet, archiveStat } from './files/archive.ts';
import { archivePut } from './files/archive-put.ts';
import { containerChanges } from './files/changes.ts';
import { commitContainer, exportContainer } from './files/commit.ts';

/**
 * `nameOrId` is a full id, a name (with or without slash) or a unique id prefix everywhere.
 * All operations throw not-found with Docker's `No such container: x`, conflict with Docker's words for a wrong state.
 */
export class Containers {
  private readonly parts: ContainerParts;

  /** Reads the records and watches for exits from now on; `recover` must follow. */
  constructor(dependencies: ContainersDependencies) {
    const { engineId, runDir, nativeDir, stateDir } = dependencies.options;
    const dirs = { runDir, nativeDir, cgroupParent: `/naru-${engineId}` };
    for (const directory of [stateDir, runDir]) mkdirSync(directory, { recursive: true, mode: 0o711 });
    this.parts = {
      ...dependencies,
      dirs,
      facts: readHostFacts(),
      table: new ContainerTable(dependencies.records),
      exits: new ExitWatcher(exitDir(dirs), (id, exit) => onExit(this.parts, id, exit)),
      migrationLock: new MigrationLock(),
      finishing: new Set(),
    };
  }

  /** Whether an active snapshot is a container's: the snapshotter's own recovery asks. */
  holdsSnapshot(key: string): boolean {
    return this.parts.table.all().some(({ id }) => snapshotKey(id) === key);
  }

  /** Takes over what an earlier engine process left: to be awaited before the first request. */
  async recover(): Promise<void> {
    await recoverContainers(this.parts);
  }

  /** Stops watching; containers live on. Resolves when what was under way has finished. */
  async close(): Promise<void> {
    this.parts.exits.close();
    for (const entry of this.parts.table.all()) {
      clearTimeout(entry.restartTimer);
      entry.closeCompanions();
      await entry.exclusive(() => Promise.resolve());
    }
    await Promise.all([...this.parts.finishing, this.parts.migrationLock.close()]);
    if (this.parts.table.all().every((entry) => !entry.isRunning)) removeCgroup(this.parts.dirs.cgroupParent);
  }

  async create(request: requests.CreateRequest): Promise<requests.CreateResult> {
    return createContainer(this.parts, request);
  }

  /** @throws not-modified when it runs already; invalid-argument with runc's words when the command cannot be run */
  async start(nameOrId: string): Promise<void> {
    await startContainer(this.parts, this.entry(nameOrId));
  }

  /** @throws not-modified when it does not run */
  async stop(nameOrId: string, options: requests.StopOptions): Promise<void> {
    await stopContainer(this.parts, this.entry(nameOrId), options);
  }

  async restart(nameOrId: string, options: requests.StopOptions): Promise<void> {
    await restartContainer(this.parts, this.entry(nameOrId), options);
  }

  /** `signal` is a name with or without SIG, or a number; '' is KILL. */
  async kill(nameOrId: string, signal: string): Promise<void> {
    await killContainer(this.parts, this.entry(nameOrId), signal);
  }

  async pause(nameOrId: string): Promise<void> {
    await pauseContainer(this.parts, this.entry(nameOrId));
  }

  async unpause(nameOrId: string): Promise<void> {
    await unpauseContainer(this.parts, this.entry(nameOrId));
  }

  async remove(nameOrId: string, options: requests.RemoveOptions): Promise<void> {
    await removeContainer(this.parts, this.entry(nameOrId), options);
  }

  async rename(nameOrId: string, newName: string): Promise<void> {
    const entry = this.entry(nameOrId);
    const name = checkName(withoutSlash(newName));
    const oldName = entry.record.name;
    if (name === oldName) {
      const message = 'Renaming a container with the same name as its current name';
      throw new NaruError('invalid-argument', 'E_SAME_NAME', message);
    }
    this.parts.table.reserveName(name, entry.id);
    this.parts.table.releaseName(oldName);
    entry.change({ name });
    this.parts.networking.rename(entry.id, name);
    publishContainer(this.parts.events, entry, 'rename', { oldName: `/${oldName}` });
  }

  /** @returns warnings */
  async update(
    nameOrId: string,
    resources: ResourceOptions,
    restartPolicy: RestartPolicy | undefined,
  ): Promise<readonly string[]> {
    return updateContainer(this.parts, this.entry(nameOrId), resources, restartPolicy);
  }

  async prune(filters: requests.Filters, until?: Date): Promise<requests.PruneResult> {
    return pruneContainers(this.parts, filters, until);
  }

  async inspect(nameOrId: string): Promise<requests.ContainerDetail> {
    return this.detail(this.entry(nameOrId));
  }

  /** Newest first. */
  async list(options: requests.ListOptions): Promise<readonly requests.ContainerDetail[]> {
    return (await listContainers(this.parts, options)).map((entry) => this.detail(entry));
  }

  async size(nameOrId: string): Promise<requests.SizeUsage> {
    return sizeOf(this.parts, this.entry(nameOrId));
  }

  /** Resolves when the condition holds; `ready` is called once the wait cannot miss it any more (headers may be sent). */
  async wait(
    nameOrId: string,
    condition: requests.WaitCondition,
    signal: AbortSignal,
    ready: () => void,
  ): Promise<requests.WaitResult> {
    return waitForContainer(this.entry(nameOrId), condition, signal, ready);
  }

  /** In the order they were written. */
  logs(nameOrId: string, options: requests.LogOptions): AsyncGenerator<requests.LogRecord, void, undefined> {
    return readLogs(this.parts, this.entry(nameOrId), options);
  }

  /** A container that does not run may be attached to; the session then begins when it starts. */
  async attach(nameOrId: string, options: requests.AttachOptions): Promise<requests.AttachSession> {
    return attachContainer(this.parts, this.entry(nameOrId), options);
  }

  async resize(nameOrId: string, height: number, width: number): Promise<void> {
    await resizeContainer(this.parts, this.entry(nameOrId), height, width);
  }

  /** @returns the exec's id */
  async execCreate(nameOrId: string, request: requests.ExecRequest): Promise<string> {
    return createExec(this.parts, this.entry(nameOrId), request);
  }

  /** @returns the session, undefined when detached */
  async execStart(
    execId: string,
    options: requests.ExecStartOptions,
  ): Promise<requests.AttachSession | undefined> {
    return startExec(this.parts, execId, options);
  }

  async execInspect(execId: string): Promise<requests.ExecDetail> {
    return findExec(this.parts, execId).exec.detail;
  }

  async execResize(execId: string, height: number, width: number): Promise<void> {
    await resizeExec(this.parts, execId, height, width);
  }

  async top(nameOrId: string, psArguments: readonly string[]): Promise<requests.TopResult> {
    return topContainer(this.parts, this.entry(nameOrId), psArguments);
  }

  /** One sample, undefined when the container does not run. */
  async stats(nameOrId: string): Promise<requests.StatsSample | undefined> {
    return sampleStats(this.parts, this.entry(nameOrId));
  }

  /** Sorted by path. */
  async changes(nameOrId: string): Promise<readonly requests.PathChange[]> {
    return containerChanges(this.parts, this.entry(nameOrId));
  }

  async archiveStat(nameOrId: string, path: string): Promise<requests.PathStat> {
    return archiveStat(this.parts, this.entry(nameOrId), path);
  }

  async archiveGet(nameOrId: string, path: string): Promise<requests.ArchiveResult> {
    return archiveGet(this.parts, this.entry(nameOrId), path);
  }

  /** `tar` is uncompressed, gzip or zstd. */
  async archivePut(
    nameOrId: string,
    path: string,
    tar: Readable,
    options: requests.ArchivePutOptions,
  ): Promise<void> {
    await archivePut(this.parts, this.entry(nameOrId), path, tar, options);
  }

  /** The whole root file system as a tar stream. */
  async export(nameOrId: string): Promise<Readable> {
    return exportContainer(this.parts, this.entry(nameOrId));
  }

  async commit(nameOrId: string, request: requests.CommitRequest): Promise<Image> {
    return commitContainer(this.parts, this.entry(nameOrId), request);
  }

  /** For `network connect`: recorded, and attached at once when the container runs. */
  async connectNetwork(nameOrId: string, endpoint: EndpointRequest): Promise<void> {
    await connectNetwork(this.parts, this.entry(nameOrId), endpoint);
  }

  async disconnectNetwork(nameOrId: string, network: string): Promise<void> {
    await disconnectNetwork(this.parts, this.entry(nameOrId), network);
  }

  private entry(nameOrId: string): ContainerEntry {
    return this.parts.table.get(nameOrId);
  }

  private detail(entry: ContainerEntry): requests.ContainerDetail {
    const execIds = [...entry.execs.values()].filter((exec) => exec.isRunning).map(({ id }) => id);
    const log = logFileOf(this.parts, entry.id);
    return { ...entry.record, execIds, paths: { ...etcPaths(this.parts, entry.record), log } };
  }
}
