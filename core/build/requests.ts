/**
 * Plan and context files -> what a lookup needs of each vertex.
 * Builder and preview both make their requests here, so that their keys are made of the same things.
 */

import type { FileTree } from '../context/file-tree.ts';
import { memoryTree } from '../context/memory-tree.ts';
import type { Selection as SelectedFiles, SelectionFault } from '../context/selected.ts';
import { type CopyRequest, selectCopy, selectMount } from '../context/selection.ts';

import { type ContextFiles, imageKey, keyMaterial, type LocalKeys, scratchKey } from './cache-key.ts';
import type {
  CopySelection,
  FileSelection,
  KeyComponent,
  SelectionRequest,
  StepOrigin,
  VertexRequest,
} from './cache-record.ts';
import { landFiles, type LandedFiles, type LandingRules, numericOwner } from './landed-files.ts';
import type { CopyOp, Op, RunOp, SourceRef, VertexId } from './ops.ts';
import { argsDigest } from './run-components.ts';
import type { Plan, Vertex } from './types.ts';

/** The main context is ''; named ones by name. Undefined: the caller does not have it. */
export type ContextTrees = (name: string) => FileTree | undefined;

export interface PreparedVertex {
  readonly request: VertexRequest;
  readonly components: readonly KeyComponent[];
  /** What comes from build contexts and heredocs. */
  readonly files: ContextFiles;
  /** Sources that are not there: a build stops with the first. */
  readonly faults: readonly SelectionFault[];
  /** Name of a context the caller does not have. */
  readonly missingContext?: string;
  /** Nothing was read (`PrepareOptions.memory`): the request and the faults are whole, components and files are left out. */
  readonly isRecalled?: boolean;
}

export interface PrepareOptions {
  readonly project: string;
  readonly contexts: ContextTrees;
  /** Of earlier calls with the same contexts; absent: everything is read. */
  readonly memory?: ContextMemory;
  readonly signal?: AbortSignal;
}

/** What ops took from contexts that never change. Its owner knows which contexts an answer is for. */
export interface ContextMemory {
  recall(op: Op): RecalledOp | undefined;
  remember(op: Op, found: RecalledOp): void;
}

/** All that a lookup needs to know of an op's files. */
export interface RecalledOp extends LocalKeys {
  readonly faults: readonly SelectionFault[];
}

/** Every vertex of a plan, as `prepareStep` has it. */
export async function preparePlan(
  { vertices }: Pick<Plan, 'vertices'>,
  options: PrepareOptions,
): Promise<ReadonlyMap<VertexId, PreparedVertex>> {
  const prepared = new Map<VertexId, PreparedVertex>();
  for (const vertex of vertices) prepared.set(vertex.id, await prepareStep(vertex, vertices, options));
  return prepared;
}

/** As `prepareVertex`; the components also say which image of the plan's `vertices` the step stands on. */
export async function prepareStep(
  vertex: Vertex,
  vertices: readonly Vertex[],
  options: PrepareOptions,
): Promise<PreparedVertex> {
  const prepared = await prepareVertex(vertex, options);
  const base = baseImage(vertices, vertex);
  if (base === undefined || prepared.isRecalled) return prepared;
  return { ...prepared, components: [...prepared.components, baseComponent(base)] };
}

/** The vertex of the image below a step. */
export function baseImage(vertices: readonly Vertex[], vertex: Vertex): Vertex | undefined {
  let at: Vertex | undefined = vertex;
  while (at?.root !== undefined) at = vertices[at.root];
  return at?.op.kind === 'image' && at !== vertex ? at : undefined;
}

/** For the reader of a miss alone: what the key depends on is the key of the image, which is the root's. */
function baseComponent({ op }: Vertex): KeyComponent {
  const reference = op.kind === 'image' ? op.reference : '';
  return { kind: 'base', name: 'image', value: `${reference} ${givenKey(op) ?? ''}` };
}

/** Reads and hashes what the vertex takes from build contexts, unless `options.memory` knows it. */
export async function prepareVertex(vertex: Vertex, options: PrepareOptions): Promise<PreparedVertex> {
  const { op } = vertex;
  const known = options.memory?.recall(op);
  if (known !== undefined) {
    const request = requestOf(vertex, localKeys(known), options);
    return { request, components: [], files: new Map(), faults: known.faults, isRecalled: true };
  }
  const read = await readContexts(op, options);
  const { components, ...keys } = keyMaterial(op, read.files);
  const isKnown = read.missingContext === undefined && op.kind !== 'image';
  if (isKnown) options.memory?.remember(op, { ...keys, faults: read.faults });
  return { request: requestOf(vertex, isKnown ? keys : undefined, options), components, ...read };
}

function localKeys({ local, localExact, context }: LocalKeys): LocalKeys {
  return {
    local,
    ...(localExact === undefined ? {} : { localExact }),
    ...(context === undefined ? {} : { context }),
  };
}

function requestOf(
  vertex: Vertex,
  keys: LocalKeys | undefined,
  { project }: Pick<PrepareOptions, 'project'>,
): VertexRequest {
  const { op } = vertex;
  const given = givenKey(op);
  return {
    id: vertex.id,
    kind: op.kind,
    ...(given === undefined ? {} : { givenKey: given }),
    ...keys,
    ...(vertex.root === undefined ? {} : { root: vertex.root }),
    sources: vertexSources(op),
    isForced: vertex.isForced,
    allowsCutOff: 'sourceDateEpoch' in op && op.sourceDateEpoch !== undefined,
    origin: originOf(vertex, project),
  };
}

export function originOf(vertex: Vertex, project: string): StepOrigin {
  const { stageName: stage, line, place, instruction, op } = vertex;
  const args = op.kind === 'run' ? argsDigest(op) : undefined;
  return { project, stage, line, place, instruction, ...(args === undefined ? {} : { args }) };
}

/** Files of other vertices the op reads, in the order of its sources. */
export function vertexSources(op: Op): readonly SelectionRequest[] {
  switch (op.kind) {
    case 'copy':
      return copySources(op);
    case 'run':
      return op.mounts.flatMap((mount): readonly SelectionRequest[] => {
        const source = mount.kind === 'bind' || mount.kind === 'cache' ? mount.source : undefined;
        if (source?.kind !== 'vertex' || !('path' in mount)) return [];
        return [{ vertex: source.vertex, selection: { kind: 'tree', path: mount.path } }];
      });
    case 'merge':
      return [{ vertex: op.layer, selection: { kind: 'layer' } }];
    case 'image':
    case 'scratch':
    case 'stage':
    case 'metadata':
    case 'mkdir':
    case 'http':
    case 'git':
      return [];
  }
}

/** What a selection lands of a tree that is not a build context: digests read, owners kept. */
export async function landSelection(
  tree: FileTree,
  selection: FileSelection,
  signal?: AbortSignal,
): Promise<{ readonly landed: LandedFiles; readonly faults: readonly SelectionFault[] }> {
  const selected =
    selection.kind === 'tree'
      ? await selectMount(tree, selection.path, signal)
      : await selectCopy(tree, copyRequest(selection, signal));
  if (selection.kind === 'copy' && selection.isExact === true && selected.landing !== 'exact') {
    return { landed: { landing: selected.landing, files: [] }, faults: selected.faults };
  }
  const rules = selection.kind === 'tree' ? { keepsOwner: true } : rulesOf(selection, true);
  return { landed: await landFiles(tree, selected, rules, signal), faults: selected.faults };
}

/** Files that land from one tree. */
export interface CopyPart {
  /** Text of the Dockerfile itself, which has no time of its own. */
  readonly isInline?: boolean;
  readonly tree: FileTree;
  readonly landed: LandedFiles;
  readonly faults: readonly SelectionFault[];
}

/** What a COPY takes from build contexts and heredocs, in the order it is written. */
export async function copyParts(
  op: CopyOp,
  options: Pick<PrepareOptions, 'contexts' | 'signal'>,
): Promise<{ readonly parts: readonly CopyPart[] } | { readonly missingContext: string }> {
  const { signal } = options;
  const parts: CopyPart[] = [];
  async function take(tree: FileTree, selection: CopySelection, isInline = false): Promise<void> {
    const selected: SelectedFiles = await selectCopy(tree, copyRequest(selection, signal));
    const landed = await landFiles(tree, selected, rulesOf(selection, false), signal);
    parts.push({ tree, landed, faults: selected.faults, isInline });
  }
  const own = ownSelection(op);
  if (op.from.kind === 'context' && own.sources.length > 0) {
    const tree = options.contexts(op.from.name);
    if (tree === undefined) return { missingContext: op.from.name };
    for (const selection of await inTurn(tree, own, op.unpacks, signal)) await take(tree, selection);
  }
  for (const source of op.sources) {
    if (source.kind !== 'inline') continue;
    const { name, content } = source.file;
    await take(memoryTree({ [name]: content }), selectionOf(op, [name]), true);
  }
  return { parts };
}

/** One selection for each source where archives may be unpacked: what a later source brings lies over what an earlier archive held. */
async function inTurn(
  tree: FileTree,
  whole: CopySelection,
  unpacks: boolean,
  signal: AbortSignal | undefined,
): Promise<readonly CopySelection[]> {
  if (!unpacks || whole.sources.length < 2) return [whole];
  const { faults } = await selectCopy(tree, copyRequest(whole, signal));
  // Some concern several sources at once.
  return faults.length > 0 ? [whole] : whole.sources.map((source) => ({ ...whole, sources: [source] }));
}

/** The selection of a COPY's own sources: what it takes from `op.from`. */
export function ownSelection(op: CopyOp): CopySelection {
  const paths = op.sources.flatMap((source) => (source.kind === 'path' ? [source.path] : []));
  return selectionOf(op, paths);
}

function copySources(op: CopyOp): readonly SelectionRequest[] {
  const requests: SelectionRequest[] = [];
  const own = ownSelection(op);
  if (op.from.kind === 'vertex') requests.push({ vertex: op.from.vertex, selection: own });
  for (const source of op.sources) {
    if (source.kind !== 'vertex') continue;
    requests.push({ vertex: source.vertex, selection: selectionOf(op, [source.path]) });
  }
  return requests;
}

function selectionOf(op: CopyOp, sources: readonly string[]): CopySelection {
  const { destination, isDestinationDirectory, excludes, keepsParents, chown, chmod, unpacks } = op;
  return {
    kind: 'copy',
    sources,
    destination,
    isDestinationDirectory,
    excludes,
    keepsParents,
    ...(chown === undefined ? {} : { chown }),
    ...(chmod === undefined ? {} : { chmod }),
    ...(unpacks ? { unpacks } : {}),
  };
}

function copyRequest(selection: CopySelection, signal: AbortSignal | undefined): CopyRequest {
  const { sources, destination, isDestinationDirectory, excludes, keepsParents } = selection;
  const slash = isDestinationDirectory && destination !== '/' ? '/' : '';
  return {
    sources,
    destination: destination + slash,
    exclude: excludes,
    keepsParents,
    ...(selection.isExact === true ? { destinationIsDirectory: false } : {}),
    ...(signal === undefined ? {} : { signal }),
  };
}

interface ReadFiles {
  readonly files: ContextFiles;
  readonly faults: readonly SelectionFault[];
  readonly missingContext?: string;
}

async function readContexts(op: Op, options: PrepareOptions): Promise<ReadFiles> {
  if (op.kind === 'copy') return readCopy(op, options);
  if (op.kind === 'run') return readBinds(op, options);
  return { files: new Map(), faults: [] };
}

async function readCopy(op: CopyOp, options: PrepareOptions): Promise<ReadFiles> {
  const read = await copyParts(op, options);
  if ('missingContext' in read) return { files: new Map(), faults: [], missingContext: read.missingContext };
  const faults = read.parts.flatMap((part) => part.faults);
  const [first] = read.parts;
  if (first === undefined) return { files: new Map(), faults };
  const directory = read.parts.findLast((part) => part.landed.directory !== undefined)?.landed.directory;
  const landed = {
    ...first.landed,
    ...(directory === undefined ? {} : { directory }),
    files: read.parts.flatMap((part) => part.landed.files),
  };
  return { files: new Map([[-1, landed]]), faults };
}

async function readBinds(op: RunOp, options: PrepareOptions): Promise<ReadFiles> {
  const files = new Map<number, LandedFiles>();
  const faults: SelectionFault[] = [];
  for (const [at, mount] of op.mounts.entries()) {
    const source: SourceRef | undefined = mount.kind === 'bind' ? mount.source : undefined;
    if (mount.kind !== 'bind' || source?.kind !== 'context') continue;
    const tree = options.contexts(source.name);
    if (tree === undefined) return { files, faults, missingContext: source.name };
    const selected = await selectMount(tree, mount.path, options.signal);
    faults.push(...selected.faults);
    files.set(at, await landFiles(tree, selected, { keepsOwner: false }, options.signal));
  }
  return { files, faults };
}

function rulesOf(selection: CopySelection, keepsOwner: boolean): LandingRules {
  const owner = numericOwner(selection.chown);
  return {
    keepsOwner: keepsOwner && selection.chown === undefined,
    ...(owner === undefined ? {} : { owner }),
    ...(selection.chmod === undefined ? {} : { chmod: selection.chmod }),
  };
}

function givenKey(op: Op): VertexRequest['givenKey'] {
  if (op.kind === 'scratch') return scratchKey();
  if (op.kind !== 'image' || op.image === undefined) return undefined;
  return imageKey(op.image.config.rootfs.diff_ids, op.platform);
}
