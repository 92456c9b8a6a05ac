/**
 * Containers as a noun of the engine: Docker's operations on them.
 * This class is the face; each operation is a file beside it. No HTTP here.
 */

import type { Readable } from 'node:stream';

import { NaruError } from '../../../core/errors.ts';
import type { Image, ImageStore } from '../images/image-store.ts';
import type { Events } from '../events/events.ts';
import type { EndpointRequest, Networking } from '../../net/networking.ts';
import type { Snapshotter } from '../../snapshots/snapshotter.ts';
import type { Volumes } from '../volumes/volumes.ts';
import type { ContainerId, ContainerRecord, ResourceOptions, RestartPolicy } from './container.ts';
import type * as requests from './requests.ts';

/** Where the engine keeps things and what it runs with. */
export interface ContainersOptions {
  /** Short and stable for one engine root; names cgroups and run directories. */
  readonly engineId: string;
  /** Persistent, one directory per container below it. */
  readonly stateDir: string;
  /** Gone after a reboot, shorter than 60 bytes: attach sockets live below it. */
  readonly runDir: string;
  /** Directory with `crun`, `conmon` and `tini`. */
  readonly nativeDir: string;
}

/** Rows of containers in the metadata store; JSON text by id. */
export interface ContainerRecords {
  all(): readonly ContainerRecord[];
  put(record: ContainerRecord): void;
  delete(id: ContainerId): void;
}

export interface ContainersDependencies {
  readonly options: ContainersOptions;
  readonly records: ContainerRecords;
  readonly images: ImageStore;
  readonly snapshots: Snapshotter;
  readonly networking: Networking;
  readonly volumes: Volumes;
  readonly events: Events;
}

/**
 * `nameOrId` is a full id, a name (with or without slash) or a unique id prefix everywhere.
 * All operations throw not-found with Docker's `No such container: x`, conflict with Docker's words for a wrong state.
 */
export class Containers {
  private readonly parts: ContainersDependencies;

  constructor(parts: ContainersDependencies) {
    this.parts = parts;
  }

  /** Takes over what an earlier engine process left: to be awaited before the first request. */
  async recover(): Promise<void> {}

  /** Stops watching; containers live on. */
  async close(): Promise<void> {}

  async create(_request: requests.CreateRequest): Promise<requests.CreateResult> {
    throw this.missing('create');
  }

  /** @throws not-modified when it runs already; invalid-argument with runc's words when the command cannot be run */
  async start(_nameOrId: string): Promise<void> {
    throw this.missing('start');
  }

  /** @throws not-modified when it does not run */
  async stop(_nameOrId: string, _options: requests.StopOptions): Promise<void> {
    throw this.missing('stop');
  }

  async restart(_nameOrId: string, _options: requests.StopOptions): Promise<void> {
    throw this.missing('restart');
  }

  /** `signal` is a name with or without SIG, or a number; '' is KILL. */
  async kill(_nameOrId: string, _signal: string): Promise<void> {
    throw this.missing('kill');
  }

  async pause(_nameOrId: string): Promise<void> {
    throw this.missing('pause');
  }

  async unpause(_nameOrId: string): Promise<void> {
    throw this.missing('unpause');
  }

  async remove(_nameOrId: string, _options: requests.RemoveOptions): Promise<void> {
    throw this.missing('remove');
  }

  async rename(_nameOrId: string, _newName: string): Promise<void> {
    throw this.missing('rename');
  }

  async update(
    _nameOrId: string,
    _resources: ResourceOptions,
    _restartPolicy: RestartPolicy | undefined,
  ): Promise<readonly string[]> {
    throw this.missing('update');
  }

  async prune(_filters: requests.Filters): Promise<requests.PruneResult> {
    throw this.missing('prune');
  }

  async inspect(_nameOrId: string): Promise<requests.ContainerDetail> {
    throw this.missing('inspect');
  }

  /** Newest first. */
  async list(_options: requests.ListOptions): Promise<readonly requests.ContainerDetail[]> {
    throw this.missing('list');
  }

  async size(_nameOrId: string): Promise<requests.SizeUsage> {
    throw this.missing('size');
  }

  /** Resolves when the condition holds; `ready` is called once the wait cannot miss it any more (headers may be sent). */
  async wait(
    _nameOrId: string,
    _condition: requests.WaitCondition,
    _signal: AbortSignal,
    _ready: () => void,
  ): Promise<requests.WaitResult> {
    throw this.missing('wait');
  }

  /** In the order they were written. */
  logs(
    _nameOrId: string,
    _options: requests.LogOptions,
  ): AsyncGenerator<requests.LogRecord, void, undefined> {
    throw this.missing('logs');
  }

  /** A container that is only created may be attached to; the session then begins when it starts. */
  async attach(_nameOrId: string, _options: requests.AttachOptions): Promise<requests.AttachSession> {
    throw this.missing('attach');
  }

  async resize(_nameOrId: string, _height: number, _width: number): Promise<void> {
    throw this.missing('resize');
  }

  /** @returns the exec's id */
  async execCreate(_nameOrId: string, _request: requests.ExecRequest): Promise<string> {
    throw this.missing('execCreate');
  }

  /** @returns the session, undefined when detached */
  async execStart(
    _execId: string,
    _options: requests.ExecStartOptions,
  ): Promise<requests.AttachSession | undefined> {
    throw this.missing('execStart');
  }

  async execInspect(_execId: string): Promise<requests.ExecDetail> {
    throw this.missing('execInspect');
  }

  async execResize(_execId: string, _height: number, _width: number): Promise<void> {
    throw this.missing('execResize');
  }

  async top(_nameOrId: string, _psArguments: readonly string[]): Promise<requests.TopResult> {
    throw this.missing('top');
  }

  /** One sample, undefined when the container does not run. */
  async stats(_nameOrId: string): Promise<requests.StatsSample | undefined> {
    throw this.missing('stats');
  }

  /** Sorted by path. */
  async changes(_nameOrId: string): Promise<readonly requests.PathChange[]> {
    throw this.missing('changes');
  }

  async archiveStat(_nameOrId: string, _path: string): Promise<requests.PathStat> {
    throw this.missing('archiveStat');
  }

  async archiveGet(_nameOrId: string, _path: string): Promise<requests.ArchiveResult> {
    throw this.missing('archiveGet');
  }

  /** `tar` is uncompressed, gzip or zstd. */
  async archivePut(
    _nameOrId: string,
    _path: string,
    _tar: Readable,
    _options: requests.ArchivePutOptions,
  ): Promise<void> {
    throw this.missing('archivePut');
  }

  /** The whole root file system as a tar stream. */
  async export(_nameOrId: string): Promise<Readable> {
    throw this.missing('export');
  }

  async commit(_nameOrId: string, _request: requests.CommitRequest): Promise<Image> {
    throw this.missing('commit');
  }

  /** For `network connect`: recorded, and attached at once when the container runs. */
  async connectNetwork(_nameOrId: string, _endpoint: EndpointRequest): Promise<void> {
    throw this.missing('connectNetwork');
  }

  async disconnectNetwork(_nameOrId: string, _network: string): Promise<void> {
    throw this.missing('disconnectNetwork');
  }

  private missing(what: string): NaruError {
    return new NaruError(
      'unimplemented',
      'E_UNIMPLEMENTED',
      `${what} is not there yet in ${this.parts.options.engineId}`,
    );
  }
}
