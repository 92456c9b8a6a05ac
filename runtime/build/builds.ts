/**
 * The engine's builds: each runs on its own, whoever watches it; its events are kept in memory, so that a client that was away can go on reading.
 * Finished builds are forgotten after an hour.
 */

import { randomUUID } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';

import type { VertexLookup, VertexRequest } from '../../core/build/cache-record.ts';
import { lookupPlan } from '../../core/build/lookup.ts';
import { isBaseFor } from '../../core/build/base-platform.ts';
import type { ResolvedImage } from '../../core/build/ops.ts';
import type { FileTree } from '../../core/context/file-tree.ts';
import { NaruError } from '../../core/errors.ts';
import { type Digest, digestOf } from '../../core/oci/digest.ts';
import { parseReference, type Reference } from '../../core/oci/reference.ts';
import {
  type BuildEvent,
  type BuildMakes,
  type BuildRequest,
  readBuildOptions,
} from '../../core/protocol/build.ts';
import type { CacheExportRequest } from '../../core/protocol/cache-carry.ts';
import type { CacheSource } from '../../core/protocol/cache-source.ts';
import type { ImageQuestion } from '../../core/protocol/image-resolve.ts';
import { contextResource, snapshotResource, TEMPORARY_OWNER } from '../store/leases.ts';
import { type BuildInput, buildTo, keepImage, type MadeBuild } from './builder.ts';
import { BuildOutputs, type SendOutput } from './build-outputs.ts';
import type { BuildParts } from './build-parts.ts';
import type { CacheGc } from './cache-gc.ts';
import type { CacheKeeper } from './cache-keeper.ts';
import { buildOwner } from './cache-store.ts';
import { CarriedCaches } from './carried-caches.ts';
import { carrySteps } from './carried-steps.ts';
import { ContextLooks } from './context-looks.ts';
import { ContextSessions } from './context-sessions.ts';
import { RememberedOps } from './context-memory.ts';
import { AgentStreams, type OpenAgent } from './ssh/agent-streams.ts';
import { findBase } from './find-base.ts';
import { remoteImage, storedImage } from './resolved-images.ts';
import { changeOf, errorNews, type FinishedBuild, newRunning, type Running, tell } from './running-build.ts';
import type { SyncedContexts } from './synced-contexts.ts';

const KEPT_MS = 3600 * 1000;
/** How long a build waits for a client that may come back over another connection. */
const COME_BACK_MS = 5000;

/** What a build is told that ends with the engine. */
const ENGINE_STOPS = new NaruError(
  'unavailable',
  'E_ENGINE_STOPS',
  'the engine was stopped, or replaced by another version, while it built',
  { hint: 'build again: finished steps are kept' },
);

export class Builds {
  readonly parts: BuildParts;
  readonly contexts: SyncedContexts;
  readonly sessions: ContextSessions;
  readonly looks = new ContextLooks();
  readonly agents = new AgentStreams();
  readonly #remembered = new RememberedOps();
  readonly keeper: CacheKeeper;
  readonly caches = new CarriedCaches();
  readonly #gc: CacheGc;
  readonly #outputs: BuildOutputs;
  readonly #running = new Map<string, Running>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #attended = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();

  constructor(
    parts: BuildParts,
    {
      contexts,
      keeper,
      gc,
    }: { readonly contexts: SyncedContexts; readonly keeper: CacheKeeper; readonly gc: CacheGc },
  ) {
    this.parts = parts;
    this.contexts = contexts;
    this.sessions = new ContextSessions(parts.leases);
    this.keeper = keeper;
    this.#gc = gc;
    this.#outputs = new BuildOutputs(parts);
  }

  /**
   * Starts a build and answers its id at once.
   * @throws invalid-argument for a wrong tag; not-found, conflict when a context is not there or not complete
   */
  async start(request: BuildRequest): Promise<string> {
    for (const tag of request.tags) parseReference(tag);
    const options = readBuildOptions(request.options, this.parts.platform);
    const id = randomUUID().replaceAll('-', '');
    const secrets = new Map(
      Object.entries(request.secrets).map(([id, text]) => [id, Buffer.from(text, 'base64')]),
    );
    const running = newRunning(id, request.mayComeBack === true);
    const caches = await this.caches.open(
      request.cacheFrom ?? [],
      this.parts,
      (cache) => (diffId, signal) =>
        running.layers.request(diffId, () => tell(running, { type: 'fetch', diffId, cache }), signal),
      (message) => tell(running, { type: 'warning', line: 0, code: 'W_CACHE_IMPORT', message }),
    );
    const trees = await this.#openContexts(request.contexts, buildOwner(id));
    const { makes = 'image', tags } = request;
    this.#run(
      running,
      { makes, tags },
      {
        caches,
        isCacheInlined: request.isCacheInlined === true,
        dockerfile: request.dockerfile,
        project: request.project,
        options,
        contexts: (name) => trees.get(name),
        memory: this.#remembered.memoryOf(new Map(Object.entries(request.contexts))),
        secrets,
        agents: this.agentsOf(request.agents),
        pulls: request.pulls,
      },
    );
    return id;
  }

  /** Held until the build of that owner ends. */
  async #openContexts(
    contexts: BuildRequest['contexts'],
    owner: string,
  ): Promise<ReadonlyMap<string, FileTree>> {
    const { leases } = this.parts;
    const trees = new Map<string, FileTree>();
    try {
      for (const [name, id] of Object.entries(contexts)) {
        leases.hold(owner, contextResource(id));
        this.sessions.taken(id);
        trees.set(name, await this.contexts.tree(id));
      }
      return trees;
    } catch (error) {
      leases.release(owner);
      throw error;
    }
  }

  /** The agents that a client lends, by id. */
  agentsOf(sessions: BuildRequest['agents'] = {}): ReadonlyMap<string, OpenAgent> {
    return new Map(Object.entries(sessions).map(([id, session]) => [id, this.agents.opener(session)]));
  }

  /** Its events from the one after `after` on, waiting for more until it is over. @throws not-found */
  async *events(id: string, after: number, signal: AbortSignal): AsyncGenerator<BuildEvent, void, void> {
    const running = this.#require(id);
    running.nFollowers += 1;
    try {
      let at = after;
      while (!signal.aborted) {
        const news = running.events.filter((event) => event.seq > at);
        for (const event of news) {
          yield event;
          at = event.seq;
        }
        if (news.length > 0) continue;
        if (running.isOver) return;
        await changeOf(running, signal);
      }
    } finally {
      running.nFollowers -= 1;
      this.#cancelAbandoned(running);
    }
  }

  /** Who followed was killed, or comes back over another connection. Docker: a build ends with its client. */
  #cancelAbandoned(running: Running): void {
    if (running.nFollowers > 0 || running.isOver) return;
    if (!running.mayComeBack) {
      running.abort.abort();
      return;
    }
    this.#later(COME_BACK_MS, () => {
      if (running.nFollowers === 0) running.abort.abort();
    });
  }

  /** @throws not-found */
  requireKnown(id: string): void {
    this.#require(id);
  }

  /** Stops a build; its last event is an error. @throws not-found */
  cancel(id: string): void {
    this.#require(id).abort.abort();
  }

  /** A layer that the build asked for. @throws not-found, conflict when it did not */
  async offerLayer(id: string, diffId: Digest, body: Readable): Promise<void> {
    await this.#require(id).layers.offer(diffId, body);
  }

  /** Writes the steps of a build that succeeded, as cache-carry.ts says. @throws not-found, conflict when it did not succeed */
  carry(id: string, request: CacheExportRequest): (out: Writable, signal: AbortSignal) => Promise<void> {
    const made = this.#requireMade(id).steps;
    const { leases, snapshots, cache } = this.parts;
    return async (out, signal) => {
      const owner = `${TEMPORARY_OWNER}carry-${randomUUID()}`;
      for (const { record } of made.steps) leases.hold(owner, snapshotResource(record.result));
      try {
        await carrySteps({ made, request, snapshots, records: cache.records, out, signal });
      } finally {
        leases.release(owner);
      }
    };
  }

  /** The files of a build that succeeded. @throws not-found, conflict when it did not succeed */
  async files(id: string): Promise<SendOutput> {
    return this.#outputs.files({ id, ...this.#requireMade(id) });
  }

  /** Its image under these names. @throws not-found, conflict when it did not succeed */
  async archive(id: string, names: readonly Reference[]): Promise<SendOutput> {
    return this.#outputs.archive({ id, ...this.#requireMade(id) }, names);
  }

  /** What a preview asks: the cache as a build started now would find it. */
  async lookup(
    vertices: readonly VertexRequest[],
    cacheFrom: readonly CacheSource[] = [],
  ): Promise<readonly VertexLookup[]> {
    const never = (): Promise<never> => Promise.reject(new Error('a preview fetches nothing'));
    const caches = await this.caches.open(
      cacheFrom,
      this.parts,
      () => never,
      () => undefined,
    );
    const cache = this.parts.cache.openPreview(caches);
    try {
      return await lookupPlan(vertices, cache.index);
    } finally {
      cache.close();
    }
  }

  /** The store's answer for the platform, else the registry's, else the store's; undefined for what cannot be found now. */
  async resolveImage(
    { reference, platform }: ImageQuestion,
    isLocalOnly: boolean,
    signal: AbortSignal,
  ): Promise<ResolvedImage | undefined> {
    const local = await findBase(this.parts.images, reference);
    const stored = local === undefined ? undefined : storedImage(reference, local);
    if (isLocalOnly || (stored !== undefined && isBaseFor(platform, stored.config))) return stored;
    const remote = await this.parts.registries?.inspect(reference, platform, signal).catch(() => undefined);
    return remote === undefined ? stored : remoteImage(reference, remote);
  }

  /** Work for a caller who waits for it: its signal aborts when the caller leaves or the engine stops, and `close` waits for its end. */
  async attended<T>(left: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const ended = this.#gc.buildBegan();
    const running = work(AbortSignal.any([left, this.#closing.signal]));
    this.#attended.add(running);
    try {
      return await running;
    } finally {
      this.#attended.delete(running);
      ended();
    }
  }

  /** Whoever started them, over whichever API. */
  get nRunning(): number {
    return this.#attended.size + [...this.#running.values()].filter(({ isOver }) => !isOver).length;
  }

  /** Stops every build, telling those who follow why, and resolves when nothing of them is left. Safe to repeat. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#attended);
    for (const timer of this.#timers) clearTimeout(timer);
    const open = [...this.#running.values()].filter((running) => !running.isOver);
    for (const running of open) running.abort.abort(ENGINE_STOPS);
    const never = new AbortController().signal;
    for (const running of open) while (!running.isOver) await changeOf(running, never);
    await this.looks.close();
    await this.#gc.close();
  }

  #run(
    running: Running,
    { makes, tags }: Required<Pick<BuildRequest, 'makes' | 'tags'>>,
    input: Omit<BuildInput, 'id' | 'onNews' | 'signal'>,
  ): void {
    const { id } = running;
    this.#running.set(id, running);
    const whole: BuildInput = {
      ...input,
      id,
      onNews: (news) => tell(running, news),
      signal: running.abort.signal,
    };
    const ended = this.#gc.buildBegan();
    const taken = buildTo(this.parts, whole, async (made) => {
      const image = await this.#take(id, made, makes, tags);
      running.made = { ...made, isKept: makes === 'image' };
      return image;
    });
    taken
      .then(
        (image) => tell(running, { type: 'result', image, tags: makes === 'image' ? tags : [] }),
        (error: unknown) => {
          const isStopped = running.abort.signal.reason === ENGINE_STOPS;
          tell(running, errorNews(isStopped ? ENGINE_STOPS : error, input.dockerfile.path));
        },
      )
      .finally(() => {
        this.parts.leases.release(buildOwner(id));
        ended();
        running.isOver = true;
        for (const wake of running.watchers) wake();
        this.#forgetLater(id);
      });
  }

  /** Answers the image's ID, '' where none was asked for. */
  async #take(
    id: string,
    { image }: MadeBuild,
    makes: BuildMakes,
    tags: readonly string[],
  ): Promise<Digest | ''> {
    if (makes === 'image') return (await keepImage(this.parts, image, tags)).id;
    this.#outputs.hold({ id, image, isKept: false });
    if (makes === 'files') return '';
    return digestOf(await this.parts.layers.configBytes(image.config, image.snapshots));
  }

  /** In a function of its own: a closure in `#run` would keep the build's contexts with it. */
  #forgetLater(id: string): void {
    this.#later(KEPT_MS, () => this.#running.delete(id)).unref();
  }

  /** Unless the engine stops before. */
  #later(delayMs: number, act: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, delayMs);
    this.#timers.add(timer);
    return timer;
  }

  #requireMade(id: string): FinishedBuild {
    const { made } = this.#require(id);
    if (made !== undefined) return made;
    throw new NaruError('conflict', 'E_BUILD_STATE', `build ${id} has made nothing`);
  }

  #require(id: string): Running {
    const running = this.#running.get(id);
    if (running !== undefined) return running;
    throw new NaruError('not-found', 'E_BUILD', `no such build: ${id}`);
  }
}
