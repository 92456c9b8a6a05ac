/**
 * Executes a plan: every needed vertex is looked up once its inputs are known and executed when nothing is found; stages run beside each other.
 * The keys, the lookup and the rule which of two equal steps runs are core's, the same as the preview's.
 */

import type { CacheIndex, CacheRecord, VertexLookup } from '../../core/build/cache-record.ts';
import { resultKey, sourceKey } from '../../core/build/cache-key.ts';
import { keyOf, lookupVertex } from '../../core/build/lookup.ts';
import { type ImageOp, isUnpinned, type VertexId } from '../../core/build/ops.ts';
import { type Execution, recordExecution } from '../../core/build/record.ts';
import { type PreparedVertex, prepareVertex } from '../../core/build/requests.ts';
import { findTwins } from '../../core/build/twins.ts';
import type { Plan, Vertex } from '../../core/build/types.ts';
import type { FileTree } from '../../core/context/file-tree.ts';
import { selectionError } from '../../core/context/selection.ts';
import { NaruError } from '../../core/errors.ts';
import type { Digest } from '../../core/oci/digest.ts';
import type { StepState } from '../../core/protocol/build.ts';
import { MigrationLock } from '../oci-runtime/migration-lock.ts';
import type { BuildParts } from './build-parts.ts';
import type { CacheView } from './cache-store.ts';
import { executeOp } from './ops/execute.ts';
import { GIT_AGENT } from './ops/git.ts';
import type { StepContext } from './ops/step-context.ts';
import { nameBySources } from './name-by-sources.ts';
import { pinGit } from './pin-git.ts';
import { Slots } from './slots.ts';
import { StepFailure } from './step-failure.ts';
import { secondsSince, type SolveEvents, type StepOutput, StepReports } from './step-reports.ts';
import { targetChain } from './target-chain.ts';
import type { Workspace } from './workspace.ts';

export interface SolveInput {
  readonly parts: BuildParts;
  readonly workspace: Workspace;
  readonly plan: Plan;
  /** By vertex id, for every vertex of the plan. */
  readonly prepared: ReadonlyMap<VertexId, PreparedVertex>;
  /** A vertex that was recalled, read after all: its record wants the components. */
  readonly prepareWhole: (vertex: Vertex) => Promise<PreparedVertex>;
  readonly contexts: (name: string) => FileTree | undefined;
  readonly secrets: ReadonlyMap<string, Uint8Array>;
  readonly agents: StepContext['agents'];
  /** Snapshot of a base image, after pulling it when it must be. */
  readonly imageSnapshot: (op: ImageOp) => Promise<string | undefined>;
  /** Holds what the build uses until it ends. */
  readonly cache: CacheView;
  readonly nParallel: number;
  /** Files of results are no newer, in seconds since the epoch. */
  readonly fileEpoch: number | undefined;
  readonly events: SolveEvents;
  readonly signal: AbortSignal;
}

export interface Solved {
  /** Committed snapshot; undefined for an empty filesystem. */
  readonly result: string | undefined;
  readonly lookup: VertexLookup;
  /** When the step ran, for history. */
  readonly createdAt?: string;
  readonly state: StepState;
}

/** A step whose result was found elsewhere, as it was looked up. */
interface PendingStep {
  readonly vertex: Vertex;
  readonly prepared: PreparedVertex;
}

/** Results of all vertices. @throws StepFailure for the first step that fails; the others are stopped first */
export async function solve(input: SolveInput): Promise<ReadonlyMap<VertexId, Solved>> {
  const solver = new Solver(input);
  return solver.run();
}

class Solver {
  readonly #input: SolveInput;
  readonly #index: CacheIndex;
  readonly #twins: ReadonlyMap<VertexId, VertexId>;
  readonly #running = new Map<VertexId, Promise<Solved>>();
  readonly #lookups = new Map<VertexId, VertexLookup>();
  readonly #solved = new Map<VertexId, Solved>();
  readonly #inTarget: ReadonlySet<VertexId>;
  readonly #slots: Slots;
  readonly #reports: StepReports;
  /** Results found in caches from elsewhere: the step they are of, and where they lie once they are here. */
  readonly #pending = new Map<string, PendingStep>();
  readonly #here = new Map<string, Promise<string | undefined>>();
  /** Of those, what their steps gave that ran after all. */
  readonly #remade = new Map<string, VertexLookup>();
  readonly #migrationLock = new MigrationLock();
  readonly #abort = new AbortController();
  #failure: unknown;

  constructor(input: SolveInput) {
    this.#input = input;
    this.#index = input.cache.index;
    const requests = input.plan.vertices.flatMap((vertex) => input.prepared.get(vertex.id)?.request ?? []);
    this.#twins = findTwins(requests);
    this.#inTarget = targetChain(input.plan);
    this.#slots = new Slots(input.nParallel);
    this.#reports = new StepReports(input.events);
  }

  async run(): Promise<ReadonlyMap<VertexId, Solved>> {
    const { plan, signal } = this.#input;
    const stop = (): void => this.#abort.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      await Promise.allSettled(plan.vertices.map((vertex) => this.#solveOnce(vertex)));
      await this.#bringTarget();
      this.#reports.settle();
    } finally {
      signal.removeEventListener('abort', stop);
      await this.#migrationLock.close();
    }
    if (signal.aborted) throw new NaruError('cancelled', 'E_CANCELLED', 'the build was cancelled');
    if (this.#failure !== undefined) throw this.#failure;
    return this.#solved;
  }

  #solveOnce(vertex: Vertex): Promise<Solved> {
    const known = this.#running.get(vertex.id);
    if (known !== undefined) return known;
    const running = this.#solve(vertex);
    this.#running.set(vertex.id, running);
    return running;
  }

  async #solve(vertex: Vertex): Promise<Solved> {
    const prepared = this.#input.prepared.get(vertex.id);
    if (prepared === undefined) throw new NaruError('internal', 'E_PLAN', 'a vertex was not prepared');
    await this.#inputsOf(vertex, prepared);
    try {
      const solved = await this.#solveWithInputs(...(await this.#pinned(vertex, prepared)));
      this.#lookups.set(vertex.id, solved.lookup);
      this.#solved.set(vertex.id, solved);
      return solved;
    } catch (error) {
      this.#failure ??= error instanceof StepFailure ? error : new StepFailure(vertex, error);
      this.#abort.abort();
      throw error;
    }
  }

  /** A git source with its commit, which is what its key is made of. */
  async #pinned(vertex: Vertex, prepared: PreparedVertex): Promise<readonly [Vertex, PreparedVertex]> {
    const { op } = vertex;
    if (op.kind !== 'git' || this.#twins.has(vertex.id)) return [vertex, prepared];
    this.#abort.signal.throwIfAborted();
    const { parts, agents, contexts } = this.#input;
    const asking = { runDir: parts.runDir, folder: parts.dataDir, agent: agents.get(GIT_AGENT) };
    const pinned = {
      ...vertex,
      op: await pinGit(op, { ...asking, signal: this.#abort.signal }, this.#index),
    };
    const { project } = prepared.request.origin;
    return [pinned, await prepareVertex(pinned, { project, contexts })];
  }

  async #inputsOf(vertex: Vertex, prepared: PreparedVertex): Promise<void> {
    const twin = this.#twins.get(vertex.id);
    const ids = [vertex.root, twin, ...prepared.request.sources.map((source) => source.vertex)];
    for (const id of ids) {
      const input = id === undefined ? undefined : this.#input.plan.vertices[id];
      if (input !== undefined) await this.#solveOnce(input);
    }
  }

  async #solveWithInputs(vertex: Vertex, prepared: PreparedVertex): Promise<Solved> {
    this.#abort.signal.throwIfAborted();
    const twin = this.#twins.get(vertex.id);
    const same = twin === undefined ? undefined : this.#solved.get(twin);
    if (same !== undefined) return this.#reports.end(vertex, { ...same, state: 'CACHED' }, 0, 0);
    // Before the lookup: a missing source selects nothing, as a wildcard without a match does.
    const [fault] = prepared.faults;
    if (fault !== undefined) throw selectionError(fault);
    const isAlwaysAsked = isUnpinned(vertex.op);
    const lookup = await this.#lookup(prepared);
    if (lookup.outcome === 'given') return this.#given(vertex, lookup);
    if (lookup.outcome === 'hit' && !isAlwaysAsked) {
      const { record } = lookup;
      const result = await this.#found({ vertex, prepared }, record);
      // Looked up again: it is not found any more.
      if (result === undefined) return this.#solveWithInputs(vertex, prepared);
      if (vertex.op.kind === 'git') this.#input.cache.alias(record, this.#askedKey(vertex));
      const solved: Solved = { result, lookup, createdAt: record.createdAt, state: 'CACHED' };
      if (this.#pending.has(result)) {
        this.#reports.foundElsewhere(vertex, record.bytes);
        return solved;
      }
      await nameBySources(prepared.request, record, this.#inputLookups(prepared), this.#input.cache);
      return this.#reports.end(vertex, solved, 0, record.bytes);
    }
    if (lookup.outcome !== 'miss' && lookup.outcome !== 'hit') {
      throw new NaruError('internal', 'E_LOOKUP', `${vertex.instruction}: ${lookup.outcome} in a build`);
    }
    const { running } = this.#input.parts.cache;
    const key = lookup.outcome === 'miss' && lookup.cause !== 'forced' ? lookup.key : undefined;
    const follower = this.#reports.followerOf(vertex);
    const end = running.end(key, this.#abort.signal, follower);
    if (end !== undefined) return end.then(() => this.#solveWithInputs(vertex, prepared));
    return running.run(key, follower, (say) => this.#slots.run(() => this.#execute(vertex, prepared, say)));
  }

  /** By the keys alone; then, where that leaves it open, with what the sources land, which run for it when their files are nowhere. */
  async #lookup(prepared: PreparedVertex): Promise<VertexLookup> {
    const lookup = await lookupVertex(prepared.request, this.#lookups, this.#index);
    if (lookup.outcome !== 'depends') return lookup;
    for (const id of lookup.on) await this.#slots.run(() => this.#bring(this.#solved.get(id)?.result));
    return lookupVertex(prepared.request, this.#inputLookups(prepared), this.#index);
  }

  /** What was found of the inputs is the same whenever it is asked for; here, those that ran after all are what they gave. */
  #inputLookups({ request }: PreparedVertex): ReadonlyMap<VertexId, VertexLookup> {
    const lookups = new Map(this.#lookups);
    for (const id of [request.root, ...request.sources.map((source) => source.vertex)]) {
      const result = id === undefined ? undefined : this.#solved.get(id)?.result;
      const remade = result === undefined ? undefined : this.#remade.get(result);
      if (id !== undefined && remade !== undefined) lookups.set(id, remade);
    }
    return lookups;
  }

  async #given(vertex: Vertex, lookup: VertexLookup): Promise<Solved> {
    const { op } = vertex;
    if (op.kind === 'image') {
      const began = performance.now();
      const isPulled = op.image?.isLocal === false;
      const result = await this.#input.imageSnapshot(op);
      const solved: Solved = { result, lookup, state: isPulled ? 'RUN' : 'CACHED' };
      return this.#reports.end(vertex, solved, isPulled ? secondsSince(began) : 0, op.image?.pullBytes ?? 0);
    }
    const root = vertex.root === undefined ? undefined : this.#solved.get(vertex.root);
    return this.#reports.end(vertex, { result: root?.result, lookup, state: 'FREE' }, 0, 0);
  }

  async #execute(vertex: Vertex, prepared: PreparedVertex, onOutput: StepOutput): Promise<Solved> {
    const { parts, workspace, contexts, secrets, agents, cache, fileEpoch } = this.#input;
    const signal = this.#abort.signal;
    signal.throwIfAborted();
    this.#reports.begin(vertex);
    const began = performance.now();
    const results = await this.#resultsOf(vertex, prepared);
    const root = vertex.root === undefined ? undefined : results.get(vertex.root);
    const active = await workspace.prepare(root, [...results.values()]);
    let executed: Awaited<ReturnType<typeof executeOp>>;
    try {
      executed = await executeOp(vertex.op, {
        parts,
        workspace,
        active,
        resultOf: (id) => results.get(id),
        contexts,
        secrets,
        agents,
        migrationLock: this.#migrationLock,
        onOutput,
        signal,
      });
      signal.throwIfAborted();
      // A download has its key from its bytes alone, so it keeps its time; what copies it gives another.
      if (fileEpoch !== undefined && vertex.op.kind !== 'http' && vertex.op.kind !== 'git')
        await parts.snapshots.clampTimes(active.key, BigInt(fileEpoch) * 1_000_000_000n);
    } catch (error) {
      await workspace.discard(active);
      throw error;
    }
    const result = await workspace.commit(active);
    const bytes = await parts.snapshots.usageBytes(result);
    const seconds = secondsSince(began);
    const execution = { ...executed, result, seconds, bytes, createdAt: new Date().toISOString() };
    const record = await this.#record(vertex, prepared, execution);
    cache.add(record);
    // Hashed while the next step runs; whoever needs the digest waits for the same work. Other stages become no layers of this image.
    if (this.#inTarget.has(vertex.id)) parts.snapshots.hashAhead(result);
    const lookup: VertexLookup = { outcome: 'hit', key: record.key, record };
    const solved: Solved = { result, lookup, createdAt: record.createdAt, state: this.#ranAs(vertex) };
    return this.#reports.end(vertex, solved, seconds, bytes);
  }

  /** Snapshots of what a step starts from and takes files from, fetched where they are elsewhere. */
  async #resultsOf(
    vertex: Vertex,
    prepared: PreparedVertex,
  ): Promise<ReadonlyMap<VertexId, string | undefined>> {
    const results = new Map<VertexId, string | undefined>();
    const sources = prepared.request.sources.map((source) => source.vertex);
    for (const id of vertex.root === undefined ? sources : [vertex.root, ...sources])
      results.set(id, await this.#bring(this.#solved.get(id)?.result));
    return results;
  }

  /** What the image is made of is fetched at once, so that it can still be a miss; the rest when it is needed. Undefined: it cannot be used. */
  async #found(step: PendingStep, { result, isKeyOnly }: CacheRecord): Promise<string | undefined> {
    if (this.#input.cache.carried(result) === undefined) return result;
    if (this.#inTarget.has(step.vertex.id) && isKeyOnly !== true) return this.#fetch(step.vertex, result);
    this.#pending.set(result, step);
    return result;
  }

  /** The image's own result, when it is that of an equal step of another stage. */
  async #bringTarget(): Promise<void> {
    const { last } = this.#input.plan.target;
    const solved = this.#solved.get(last);
    if (solved === undefined || this.#failure !== undefined) return;
    try {
      this.#solved.set(last, { ...solved, result: await this.#bring(solved.result) });
    } catch (error) {
      const vertex = this.#pending.get(solved.result ?? '')?.vertex;
      this.#failure =
        error instanceof StepFailure || vertex === undefined ? error : new StepFailure(vertex, error);
    }
  }

  /** A result that is here. One that cannot be fetched, or has no layers, is made by running its step after all. */
  #bring(result: string | undefined): Promise<string | undefined> {
    const step = result === undefined ? undefined : this.#pending.get(result);
    if (result === undefined || step === undefined) return Promise.resolve(result);
    const known = this.#here.get(result);
    if (known !== undefined) return known;
    const bringing = this.#fetchOrRun(step, result);
    this.#here.set(result, bringing);
    return bringing;
  }

  async #fetchOrRun({ vertex, prepared }: PendingStep, result: string): Promise<string | undefined> {
    const hasLayers = this.#input.cache.carried(result)?.layers.length !== 0;
    const fetched = hasLayers ? await this.#fetch(vertex, result) : undefined;
    if (fetched !== undefined) {
      this.#reports.settle(vertex);
      return fetched;
    }
    const { output } = this.#reports.followerOf(vertex);
    const solved = await this.#execute(vertex, prepared, output).catch((error: unknown) => {
      throw error instanceof StepFailure ? error : new StepFailure(vertex, error);
    });
    for (const name of [result, solved.result]) if (name !== undefined) this.#remade.set(name, solved.lookup);
    this.#solved.set(vertex.id, solved);
    return solved.result;
  }

  async #fetch(vertex: Vertex, result: string): Promise<string | undefined> {
    try {
      return await this.#input.cache.materialise(result, this.#abort.signal);
    } catch (error) {
      this.#abort.signal.throwIfAborted();
      this.#input.events.onWarning(vertex, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  async #record(vertex: Vertex, prepared: PreparedVertex, execution: Execution): Promise<CacheRecord> {
    const changes = await this.#changesOf(prepared, execution.result);
    const withContent = changes === undefined ? execution : { ...execution, contentDigest: changes };
    const whole = prepared.isRecalled ? await this.#input.prepareWhole(vertex) : prepared;
    const record = await recordExecution(whole, this.#inputLookups(prepared), withContent, this.#index);
    if (record === undefined) throw new NaruError('internal', 'E_KEY', `${vertex.instruction}: no cache key`);
    const older = await this.#sameResult(prepared, changes);
    if (older !== undefined) return { ...record, key: older.key };
    if (vertex.op.kind === 'git') return { ...record, aliases: [...record.aliases, this.#askedKey(vertex)] };
    if (!isUnpinned(vertex.op)) return record;
    // What was downloaded is the identity, not where from: equal bytes continue from the older record, as if they had been asked for by their checksum.
    const tree = await this.#input.parts.snapshots.tree(execution.result);
    const [checksum] = await tree.digests([vertex.op.fileName]);
    if (checksum === undefined) return record;
    return { ...record, key: sourceKey({ ...vertex.op, checksum }) };
  }

  /** Under what a preview finds a repository, which asks nobody for the commit. */
  #askedKey({ id, op }: Vertex): Digest {
    return sourceKey(this.#input.plan.vertices[id]?.op ?? op);
  }

  /** Only where times are normalised: what the step changed, times included. */
  async #changesOf(prepared: PreparedVertex, result: string): Promise<CacheRecord['contentDigest']> {
    if (!prepared.request.allowsCutOff) return undefined;
    return (await this.#input.parts.snapshots.layerInfo(result)).diffId;
  }

  /** Early cut-off: an older record that changed the same root in the same way. */
  async #sameResult(
    prepared: PreparedVertex,
    contentDigest: CacheRecord['contentDigest'],
  ): Promise<CacheRecord | undefined> {
    if (contentDigest === undefined) return undefined;
    const { root } = prepared.request;
    const rootKey = root === undefined ? undefined : keyOf(this.#inputLookups(prepared).get(root));
    return this.#index.find([resultKey(rootKey, contentDigest)]);
  }

  #ranAs(vertex: Vertex): StepState {
    if (vertex.op.kind !== 'merge') return 'RUN';
    return this.#solved.get(vertex.op.layer)?.state === 'CACHED' ? 'RELINK' : 'RUN';
  }
}
