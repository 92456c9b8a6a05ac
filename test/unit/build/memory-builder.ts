/**
 * A builder without disk and processes: filesystems are maps, RUN is a pure function of everything it can see.
 * It uses the product's plan, keys and lookup; only executing and storing are its own.
 */

import { createHash } from 'node:crypto';

import type { FileTree } from '../../../core/context/file-tree.ts';
import { type MemoryFile, memoryTree } from '../../../core/context/memory-tree.ts';
import type { SelectionFault } from '../../../core/context/selected.ts';
import { inResult } from '../../../core/context/selection.ts';
import { contentDigest, imageKey } from '../../../core/build/cache-key.ts';
import {
  type CacheIndex,
  type CacheRecord,
  type FileSelection,
  nearestFirst,
  type Selection,
  type VertexLookup,
} from '../../../core/build/cache-record.ts';
import { ancestorsAmong } from '../../../core/build/descent.ts';
import { lastingFiles, type LandedFile } from '../../../core/build/landed-files.ts';
import { lookupVertex } from '../../../core/build/lookup.ts';
import type { CopyOp, ResolvedImage, RunOp, VertexId } from '../../../core/build/ops.ts';
import type { BuildOptions } from '../../../core/build/options.ts';
import { listedVertices, planBuild } from '../../../core/build/plan.ts';
import { recordExecution } from '../../../core/build/record.ts';
import {
  landSelection,
  ownSelection,
  type PreparedVertex,
  preparePlan,
} from '../../../core/build/requests.ts';
import { selectionContent } from '../../../core/build/selection-content.ts';
import { findTwins } from '../../../core/build/twins.ts';
import type { Plan, Vertex } from '../../../core/build/types.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';
import type { Digest } from '../../../core/oci/digest.ts';

/** Path -> file; directories are entries of their own. */
export type Files = ReadonlyMap<string, MemoryFile>;

export interface BuiltStep {
  readonly stage: string;
  readonly line: number;
  readonly instruction: string;
  readonly state: 'CACHED' | 'RUN' | 'RELINK' | 'FREE';
}

export interface MemoryBuild {
  readonly plan: Plan;
  readonly steps: readonly BuiltStep[];
  readonly files: Files;
}

export interface BuildRequest {
  readonly dockerfile: string;
  readonly context: FileTree;
  readonly images: ReadonlyMap<string, MemoryImage>;
  readonly options: BuildOptions;
}

export interface MemoryImage {
  readonly resolved: ResolvedImage;
  readonly files: Files;
}

/** Records and results of builds; `contentOf` reads results as the engine would read snapshots. */
export class MemoryCache implements CacheIndex {
  readonly #records: CacheRecord[] = [];
  /** Of pruned steps. */
  readonly #kept: CacheRecord[] = [];
  /** Records below this index from the end are of finished builds. */
  #nFinished = 0;
  readonly #results = new Map<string, Files>();
  readonly #byKey = new Map<Digest, Files>();
  readonly #locals = new Set<Digest>();

  /** A build finds what earlier builds made, not what it makes itself: what it does is then settled when it starts. */
  finishBuild(): void {
    this.#nFinished = this.#records.length;
  }
  /** `locals` as the request had them, with `localExact` where it holds. */
  add(record: CacheRecord, files: Files, locals: readonly (Digest | undefined)[]): void {
    for (const local of locals) if (local !== undefined) this.#locals.add(local);
    this.#records.unshift(record);
    this.#results.set(record.result, files);
    this.#byKey.set(record.key, files);
  }
  /** As a prune does: what others stand on stays, and keys that lead somewhere are kept. */
  prune(isGone: (record: CacheRecord) => boolean): void {
    for (const record of this.#records.filter(isGone)) {
      if (this.#records.some(({ rootKey }) => rootKey === record.key)) continue;
      this.#records.splice(this.#records.indexOf(record), 1);
      this.#byKey.delete(record.key);
      const isStanding = this.#records.find(({ key }) => key === record.key);
      if (isStanding !== undefined) this.#byKey.set(record.key, this.filesOf(isStanding));
      this.#kept.unshift({ ...record, isKeyOnly: true });
    }
    const needed = ancestorsAmong(this.#kept, this.#records);
    this.#kept.splice(0, Infinity, ...this.#kept.filter((record) => needed.has(record)));
    this.finishBuild();
  }
  addImage(key: Digest, files: Files): void {
    this.#byKey.set(key, files);
  }
  filesOf(record: CacheRecord): Files {
    return this.#results.get(record.result) ?? new Map();
  }
  async find(keys: readonly Digest[]): Promise<CacheRecord | undefined> {
    for (const key of keys) {
      const found = this.#finished().find((record) => isNamed(record, key));
      if (found !== undefined) return found;
    }
    for (const key of keys) {
      const found = this.#kept.find((record) => isNamed(record, key));
      if (found !== undefined) return found;
    }
    return undefined;
  }
  async keysWithPartial(partial: Digest): Promise<readonly Digest[]> {
    const all = [...this.#finished(), ...this.#kept];
    return all.flatMap((record) => (record.partial === partial ? [record.key] : []));
  }
  /** Whether a step was ever built that contributes this by itself. */
  hasLocal(local: Digest): boolean {
    return this.#locals.has(local);
  }
  async contentOf(key: Digest, selection: Selection): Promise<Digest | undefined> {
    const files = this.#byKey.get(key);
    if (files === undefined || selection.kind === 'layer') return undefined;
    return selectionContent(treeOf(files), selection);
  }
  async faultsOf(key: Digest, selection: FileSelection): Promise<readonly SelectionFault[]> {
    const files = this.#byKey.get(key);
    return files === undefined ? [] : (await landSelection(treeOf(files), selection)).faults.map(inResult);
  }
  async nearest(origin: CacheRecord['origin']): Promise<CacheRecord | undefined> {
    const ofStage = this.#finished().filter((record) => record.origin.stage === origin.stage);
    const near = nearestFirst(ofStage, origin);
    return (
      near.find((record) => record.origin.instruction === origin.instruction) ??
      near.find((record) => record.origin.place === origin.place)
    );
  }
  #finished(): readonly CacheRecord[] {
    return this.#records.slice(this.#records.length - this.#nFinished);
  }
}

function isNamed(record: CacheRecord, key: Digest): boolean {
  return record.key === key || record.aliases.includes(key);
}

export function treeOf(files: Files): FileTree {
  return memoryTree(
    Object.fromEntries([...files].map(([path, file]) => [file.kind === 'dir' ? `${path}/` : path, file])),
  );
}

/** Builds with lookups in `cache`, or everything anew into it when it is empty. */
export async function buildInMemory(request: BuildRequest, cache: MemoryCache): Promise<MemoryBuild> {
  const { value: dockerfile } = readDockerfile(request.dockerfile);
  const { value: plan, problems } = await planBuild(dockerfile, request.options, async (reference) => {
    return request.images.get(reference)?.resolved;
  });
  if (plan === undefined) throw new Error(problems.map((problem) => problem.message).join(', '));
  for (const { resolved, files } of request.images.values()) {
    cache.addImage(imageKey(resolved.config.rootfs.diff_ids, request.options.platform), files);
  }
  const run = new Run(request, cache);
  const contexts = (name: string): FileTree | undefined => (name === '' ? request.context : undefined);
  const prepared = [...(await preparePlan(plan, { project: 'p', contexts })).values()];
  const twins = findTwins(prepared.map((item) => item.request));
  for (const [at, vertex] of plan.vertices.entries()) {
    const twin = twins.get(vertex.id);
    const item = prepared[at];
    if (twin !== undefined) run.take(vertex, twin);
    else if (item !== undefined) await run.step(vertex, item);
  }
  await run.bring(plan.target.last);
  cache.finishBuild();
  const steps = listedVertices(plan).map((vertex) => run.builtStep(vertex));
  return { plan, steps, files: run.files.get(plan.target.last) ?? new Map() };
}

class Run {
  readonly files = new Map<VertexId, Files>();
  readonly #states = new Map<VertexId, BuiltStep['state']>();
  readonly #lookups = new Map<VertexId, VertexLookup>();
  /** Known by key alone, until somebody needs their files: what makes these. */
  readonly #pending = new Map<VertexId, () => Promise<void>>();
  /** What those gave that ran after all. */
  readonly #remade = new Map<VertexId, VertexLookup>();
  /** Copies of one file that landed at the destination itself. */
  readonly #exact = new Set<VertexId>();
  readonly #request: BuildRequest;
  readonly #cache: MemoryCache;

  constructor(request: BuildRequest, cache: MemoryCache) {
    this.#request = request;
    this.#cache = cache;
  }

  builtStep(vertex: Vertex): BuiltStep {
    const { stageName: stage, line, instruction } = vertex;
    return { stage, line, instruction, state: this.#states.get(vertex.id) ?? 'FREE' };
  }

  /** A vertex whose twin was built. */
  take(vertex: Vertex, twin: VertexId): void {
    const lookup = this.#lookups.get(twin);
    if (lookup !== undefined) this.#lookups.set(vertex.id, lookup);
    this.#passOn(vertex.id, twin);
    this.#states.set(vertex.id, 'CACHED');
  }

  /** Files of a vertex, made when they are not there. */
  async bring(id: VertexId | undefined): Promise<void> {
    const make = id === undefined ? undefined : this.#pending.get(id);
    if (id === undefined || make === undefined) return;
    this.#pending.delete(id);
    await make();
  }

  /** `id` has the files of `from`, whenever these are there. */
  #passOn(id: VertexId, from: VertexId): void {
    const take = (): void => {
      this.files.set(id, this.files.get(from) ?? new Map());
      const remade = this.#remade.get(from);
      if (remade !== undefined) this.#remade.set(id, remade);
    };
    if (!this.#pending.has(from)) return take();
    this.#pending.set(id, async () => {
      await this.bring(from);
      take();
    });
  }

  async #lookup(prepared: PreparedVertex): Promise<VertexLookup> {
    const lookup = await lookupVertex(prepared.request, this.#lookups, this.#cache);
    if (lookup.outcome !== 'depends') return lookup;
    for (const id of lookup.on) await this.bring(id);
    return lookupVertex(prepared.request, this.#inputLookups(prepared), this.#cache);
  }

  #inputLookups({ request }: PreparedVertex): ReadonlyMap<VertexId, VertexLookup> {
    const lookups = new Map(this.#lookups);
    for (const id of [request.root, ...request.sources.map(({ vertex }) => vertex)]) {
      const remade = id === undefined ? undefined : this.#remade.get(id);
      if (id !== undefined && remade !== undefined) lookups.set(id, remade);
    }
    return lookups;
  }

  async step(vertex: Vertex, prepared: PreparedVertex): Promise<void> {
    const lookup = await this.#lookup(prepared);
    this.#lookups.set(vertex.id, lookup);
    switch (lookup.outcome) {
      case 'given':
        this.#states.set(vertex.id, vertex.op.kind === 'image' ? 'CACHED' : 'FREE');
        if (vertex.root !== undefined) this.#passOn(vertex.id, vertex.root);
        else this.files.set(vertex.id, this.#givenFiles(vertex));
        return;
      case 'hit':
        this.#states.set(vertex.id, 'CACHED');
        if (lookup.record.isKeyOnly !== true) this.files.set(vertex.id, this.#cache.filesOf(lookup.record));
        else
          this.#pending.set(vertex.id, async () => {
            this.#remade.set(vertex.id, await this.#make(vertex, prepared));
          });
        return;
      case 'miss':
        this.#lookups.set(vertex.id, await this.#make(vertex, prepared));
        return;
      case 'depends':
      case 'twin':
      case 'unknown':
        throw new Error(`${vertex.instruction}: ${lookup.outcome} in a build`);
    }
  }

  async #make(vertex: Vertex, prepared: PreparedVertex): Promise<VertexLookup> {
    for (const { vertex: source } of prepared.request.sources) await this.bring(source);
    await this.bring(vertex.root);
    const files = await this.#execute(vertex, prepared);
    const landedExactly = this.#exact.has(vertex.id);
    const execution = { result: `r${Math.random()}`, seconds: 1, bytes: 1, createdAt: '', landedExactly };
    const record = await recordExecution(prepared, this.#inputLookups(prepared), execution, this.#cache);
    if (record === undefined) throw new Error(`${vertex.instruction}: no key`);
    const { local, localExact } = prepared.request;
    this.#cache.add(record, files, landedExactly ? [local, localExact] : [local]);
    this.files.set(vertex.id, files);
    const isRelink = vertex.op.kind === 'merge' && this.#states.get(vertex.op.layer) === 'CACHED';
    this.#states.set(vertex.id, isRelink ? 'RELINK' : 'RUN');
    return { outcome: 'hit', key: record.key, record };
  }

  #givenFiles(vertex: Vertex): Files {
    const { op } = vertex;
    return op.kind === 'image' ? (this.#request.images.get(op.reference)?.files ?? new Map()) : new Map();
  }

  #rootOf(vertex: Vertex): Files {
    return vertex.root === undefined ? new Map() : (this.files.get(vertex.root) ?? new Map());
  }

  async #execute(vertex: Vertex, prepared: PreparedVertex): Promise<Files> {
    const { op } = vertex;
    const root = new Map(this.#rootOf(vertex));
    switch (op.kind) {
      case 'run':
        return this.#runCommand(op, root, prepared);
      case 'copy':
        return this.#copy(vertex.id, op, root, prepared);
      case 'mkdir':
        if (!root.has(op.path.slice(1)))
          root.set(op.path.slice(1), { kind: 'dir', mode: 0o755, uid: ownerOf(op.user) });
        return root;
      case 'merge':
        for (const [path, file] of this.files.get(op.layer) ?? []) root.set(path, file);
        return root;
      case 'image':
      case 'scratch':
      case 'stage':
      case 'metadata':
      case 'http':
      case 'git':
        throw new Error(`cannot execute ${op.kind}`);
    }
  }

  async #copy(
    id: VertexId,
    op: CopyOp,
    root: Map<string, MemoryFile>,
    prepared: PreparedVertex,
  ): Promise<Files> {
    let landed = prepared.files.get(-1);
    let tree = this.#request.context;
    if (op.from.kind === 'vertex') {
      tree = treeOf(this.files.get(op.from.vertex) ?? new Map());
      landed = (await landSelection(tree, ownSelection(op))).landed;
    }
    const base = op.destination.slice(1);
    const isBelow =
      landed?.landing !== 'exact' && (landed?.landing === 'inside' || root.get(base)?.kind === 'dir');
    if (!isBelow && landed?.files.length === 1) this.#exact.add(id);
    if (isBelow && base !== '' && !root.has(base)) root.set(base, { kind: 'dir', mode: 0o755, uid: 0 });
    const inline = new Map(
      op.sources.flatMap((s) => (s.kind === 'inline' ? [[s.file.name, s.file.content]] : [])),
    );
    for (const file of landed === undefined ? [] : lastingFiles(landed, !isBelow)) {
      const below = isBelow && file.path !== '' ? (base === '' ? file.path : `${base}/${file.path}`) : base;
      const bytes = inline.get(file.source) ?? (await tree.read(file.source, 1e9)) ?? '';
      root.set(below, landedFile(file, bytes));
    }
    return root;
  }

  /** `constant X`: writes the same whatever it sees. `pick PATH` and `find NAME`: depend on the content of one file. Anything else depends on all it can see. */
  async #runCommand(op: RunOp, root: Map<string, MemoryFile>, prepared: PreparedVertex): Promise<Files> {
    const command = op.argv.at(-1) ?? '';
    const [verb, argument = ''] = command.split(/\s+/);
    if (verb === 'constant') root.set('constant', { content: argument });
    else if (verb === 'pick') root.set('picked', { content: contentText(root.get(argument.slice(1))) });
    else if (verb === 'find') root.set('found', { content: contentText(firstNamed(root, argument)) });
    else root.set(`seen/${command.length}`, { content: await this.#everything(op, root, prepared) });
    return root;
  }

  async #everything(op: RunOp, root: Files, prepared: PreparedVertex): Promise<string> {
    const hash = createHash('sha256');
    const { argv, cwd, user, network } = op;
    const env = [...op.env].sort(([a], [b]) => (a < b ? -1 : 1));
    const hosts = op.extraHosts.map((host) => host.name);
    hash.update(JSON.stringify([argv, op.pipes, env, cwd, user, network, hosts]));
    for (const [path, file] of [...root].sort(([a], [b]) => (a < b ? -1 : 1))) hash.update(shown(path, file));
    for (const [at, mount] of op.mounts.entries()) {
      hash.update(`${mount.kind} ${mount.target ?? ''}`);
      if (mount.kind !== 'bind') continue;
      const { source } = mount;
      const landed =
        source.kind === 'vertex'
          ? (
              await landSelection(treeOf(this.files.get(source.vertex) ?? new Map()), {
                kind: 'tree',
                path: mount.path,
              })
            ).landed
          : prepared.files.get(at);
      if (landed !== undefined) hash.update(contentDigest(landed, {}));
    }
    return hash.digest('hex');
  }
}

/** One line per file, for comparing whole results. */
export function listing(files: Files): readonly string[] {
  return [...files].map(([path, file]) => shown(path, file)).sort();
}

function shown(path: string, file: MemoryFile): string {
  const { kind = 'file', mode = 0o644, uid = 0, linkTarget = '' } = file;
  return `${path} ${kind} ${mode.toString(8)} ${uid} ${linkTarget} ${contentText(file)}\n`;
}

/** The first file of this name, by its path. */
function firstNamed(root: Files, name: string): MemoryFile | undefined {
  const path = [...root.keys()].filter((one) => one === name || one.endsWith(`/${name}`)).sort()[0];
  return path === undefined ? undefined : root.get(path);
}

function contentText(file: MemoryFile | undefined): string {
  return file?.content === undefined ? '' : Buffer.from(file.content).toString();
}

function landedFile(file: LandedFile, bytes: string | Uint8Array): MemoryFile {
  const { kind, mode, uid, gid, linkTarget } = file;
  if (kind === 'symlink') return { kind, uid, gid, ...(linkTarget === undefined ? {} : { linkTarget }) };
  return kind === 'file' ? { kind, mode, uid, gid, content: bytes } : { kind, mode, uid, gid };
}

function ownerOf(user: string): number {
  return /^\d+$/.test(user) ? Number(user) : user === '' || user === 'root' ? 0 : 99;
}
