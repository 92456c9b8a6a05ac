/**
 * The one cache lookup: the builder calls it vertex by vertex with the keys of what it has made, the preview calls it for a whole plan and executes nothing.
 * By content of what the sources land where their files are at hand, else by what they are as well.
 */

import type { Digest } from '../oci/digest.ts';

import type {
  CacheIndex,
  ContextKeys,
  SelectionRequest,
  VertexLookup,
  VertexRequest,
} from './cache-record.ts';
import type { VertexId } from './ops.ts';
import { withMissingFiles } from './missing-files.ts';
import { isKeyOnly, withNeededFiles } from './needed-files.ts';
import { findTwins } from './twins.ts';
import { contentSourceKey, definitionSourceKey, partialKey, vertexKey } from './cache-key.ts';

/** Keys of one vertex, once those of its inputs are known. */
export interface VertexKeys {
  readonly partial: Digest;
  /** By what the sources are; equals `partial` without sources. */
  readonly definition: Digest;
  /** By what the sources land; absent when that is not known. */
  readonly content?: Digest;
  /** Of a copy of one file, without its name. Leads to results that have it at the destination itself: the root that is part of the key makes it land there again. */
  readonly exact?: Digest;
  /** Of a copy of the build context: by what lands, whichever way the context came. */
  readonly context?: Digest;
}

/** Every key under which the record of a vertex is found from now on. */
export function recordNames({ definition, content, exact, context }: VertexKeys): readonly Digest[] {
  return [definition, content, exact, context].filter((key) => key !== undefined);
}

/**
 * The keys to look for. Where the files of all sources are at hand, what made them says nothing more:
 * a record that only it leads to is of the time before they were made again, and differently.
 */
function wantedKeys(keys: VertexKeys, areAtHand: boolean): readonly Digest[] {
  const { content, exact, context } = keys;
  if (content === undefined || !areAtHand) return recordNames(keys);
  return [content, exact, context].filter((key) => key !== undefined);
}

/** The one that the record of a vertex has, and that keys of later vertices build on. */
export function ownKey({ content, definition }: VertexKeys): Digest {
  return content ?? definition;
}

type OpenLookup = Exclude<VertexLookup, { readonly outcome: 'given' | 'hit' | 'twin' }>;

/**
 * Looks up every vertex of a plan in order.
 * `requests` are those of the needed vertices, inputs first; the answer has one entry per request, in that order.
 */
export async function lookupPlan(
  requests: readonly VertexRequest[],
  index: CacheIndex,
): Promise<readonly VertexLookup[]> {
  const twins = findTwins(requests);
  const found = new Map<VertexId, VertexLookup>();
  const answers: VertexLookup[] = [];
  for (const request of requests) {
    const twin = twins.get(request.id);
    const known = twin === undefined ? undefined : found.get(twin);
    if (twin !== undefined && known !== undefined) {
      found.set(request.id, known);
      answers.push({ outcome: 'twin', of: twin });
      continue;
    }
    const answer = await lookupVertex(request, found, index);
    found.set(request.id, answer);
    answers.push(answer);
  }
  const told = withNeededFiles(requests, answers).map(withoutKeys);
  return withMissingFiles(requests, told, (id) => keyOf(found.get(id)), index);
}

/** `inputs` holds the answers (or, in a build, the results) of the vertices it starts from and copies from. */
export async function lookupVertex(
  request: VertexRequest,
  inputs: ReadonlyMap<VertexId, VertexLookup>,
  index: CacheIndex,
): Promise<VertexLookup> {
  const found = await lookupBare(request, inputs, index);
  if (found.outcome === 'given' || found.outcome === 'hit' || found.outcome === 'twin') return found;
  // What has no files of its own has the answer of what it stands on.
  if (request.kind === 'stage' || request.kind === 'metadata') return found;
  const previous = await index.nearest(request.origin);
  return previous === undefined ? found : { ...found, previous };
}

/** As `lookupVertex`, without the record to compare with. */
async function lookupBare(
  request: VertexRequest,
  inputs: ReadonlyMap<VertexId, VertexLookup>,
  index: CacheIndex,
): Promise<VertexLookup> {
  if (request.givenKey !== undefined) return { outcome: 'given', key: request.givenKey };
  const root = request.root === undefined ? undefined : inputs.get(request.root);
  if (request.kind === 'stage' || request.kind === 'metadata') {
    return root === undefined ? { outcome: 'unknown', on: [] } : passedOn(root);
  }
  const open = await openInputs(request, root, inputs, index);
  if (open !== undefined) return open;
  if (request.isForced) return { outcome: 'miss', cause: 'forced' };

  const keys = await keysOf(request, inputs, index);
  if (keys === undefined) return { outcome: 'unknown', on: [] };
  const unseen = sourcesThat(request.sources, inputs, isKeyOnly);
  const record = await index.find(wantedKeys(keys, unseen.length === 0));
  if (record !== undefined) return { outcome: 'hit', key: record.key, record };
  const verdict = await overUnseen(unseen, request, keys.partial, index);
  const key = unseen.length === 0 ? expectedKey(keys, request) : undefined;
  return verdict.outcome === 'miss' && key !== undefined ? { ...verdict, key } : verdict;
}

/** Undefined while the op or an input has no key. */
export async function keysOf(
  request: VertexRequest,
  inputs: ReadonlyMap<VertexId, VertexLookup>,
  index: Pick<CacheIndex, 'contentOf'>,
): Promise<VertexKeys | undefined> {
  if (request.local === undefined) return undefined;
  const rootKey = request.root === undefined ? undefined : keyOf(inputs.get(request.root));
  if (request.root !== undefined && rootKey === undefined) return undefined;
  const partial = partialKey(request.local, rootKey);
  if (request.sources.length === 0) {
    const { localExact } = request;
    const exact = localExact === undefined ? undefined : vertexKey(partialKey(localExact, rootKey), []);
    return {
      partial,
      definition: vertexKey(partial, []),
      ...(exact === undefined ? {} : { exact }),
      ...contextKey(request.context, request.context?.content, rootKey),
    };
  }
  const definitions: Digest[] = [];
  const contents: Digest[] = [];
  for (const source of request.sources) {
    const key = keyOf(inputs.get(source.vertex));
    if (key === undefined) return undefined;
    definitions.push(definitionSourceKey(key, source.selection));
    const content = await index.contentOf(key, source.selection);
    if (content !== undefined) contents.push(content);
  }
  const definition = vertexKey(partial, definitions);
  if (contents.length < definitions.length) return { partial, definition };
  const exact = await exactContent(request, inputs, index);
  return {
    partial,
    definition,
    content: vertexKey(partial, contents.map(contentSourceKey)),
    ...contextKey(request.context, contents[0], rootKey),
    ...(exact === undefined ? {} : { exact: vertexKey(partial, [contentSourceKey(exact)]) }),
  };
}

/** The key by what the sources are, whatever they land; undefined without sources, and while one has no key. */
export async function keyBySources(
  request: VertexRequest,
  inputs: ReadonlyMap<VertexId, VertexLookup>,
): Promise<Digest | undefined> {
  if (request.sources.length === 0) return undefined;
  const keys = await keysOf(request, inputs, { contentOf: () => Promise.resolve(undefined) });
  return keys?.definition;
}

/** Of what has a key, in the order of the sources. */
export function sourceKeysOf(
  { sources }: VertexRequest,
  inputs: ReadonlyMap<VertexId, VertexLookup>,
): readonly Digest[] {
  return sources.flatMap(({ vertex }) => keyOf(inputs.get(vertex)) ?? []);
}

function contextKey(
  context: ContextKeys | undefined,
  content: Digest | undefined,
  rootKey: Digest | undefined,
): Pick<VertexKeys, 'context'> {
  if (context === undefined || content === undefined) return {};
  return { context: vertexKey(partialKey(context.local, rootKey), [contentSourceKey(content)]) };
}

/** Of the only source of a copy that may land at the destination itself. */
async function exactContent(
  request: VertexRequest,
  inputs: ReadonlyMap<VertexId, VertexLookup>,
  index: Pick<CacheIndex, 'contentOf'>,
): Promise<Digest | undefined> {
  const [source, ...others] = request.sources;
  if (source?.selection.kind !== 'copy' || others.length > 0) return undefined;
  const { selection, vertex } = source;
  const key = keyOf(inputs.get(vertex));
  if (key === undefined || selection.isDestinationDirectory || selection.sources.length > 1) return undefined;
  return index.contentOf(key, { ...selection, isExact: true });
}

/** The key later vertices build on, when there is one. */
export function keyOf(lookup: VertexLookup | undefined): Digest | undefined {
  return lookup?.outcome === 'given' || lookup?.outcome === 'hit' ? lookup.key : undefined;
}

/** The verdict that already follows from the inputs; undefined when every input has a key. */
async function openInputs(
  request: VertexRequest,
  root: VertexLookup | undefined,
  inputs: ReadonlyMap<VertexId, VertexLookup>,
  index: CacheIndex,
): Promise<OpenLookup | undefined> {
  if (request.root !== undefined) {
    if (root === undefined || root.outcome === 'unknown') return { outcome: 'unknown', on: [request.root] };
    if (root.outcome === 'miss' && !request.allowsCutOff) return { outcome: 'miss', cause: 'root' };
    if (root.outcome === 'miss' || root.outcome === 'depends') {
      if (request.isForced) return { outcome: 'miss', cause: 'forced' };
      const keys = root.outcome === 'depends' && !request.allowsCutOff ? root.keys : undefined;
      return keys === undefined
        ? { outcome: 'depends', on: [request.root] }
        : overRoot(request, request.root, keys, inputs, index);
    }
  }
  const unknown = sourcesThat(request.sources, inputs, (lookup) => lookup?.outcome === 'unknown');
  if (unknown.length > 0) return { outcome: 'unknown', on: unknown };
  const open = sourcesThat(request.sources, inputs, (lookup) => keyOf(lookup) === undefined);
  if (open.length === 0) return undefined;
  if (request.isForced) return { outcome: 'miss', cause: 'forced' };
  if (request.local === undefined) return { outcome: 'unknown', on: [] };
  if (request.kind === 'merge') return mergeOver(open, request, inputs, index);
  // What a record of another way of the context says cannot be known yet.
  if (request.context !== undefined) return { outcome: 'depends', on: open };
  // Without a record for this root and op no content of the sources can make it a hit.
  return overContents(open, request, partialKey(request.local, keyOf(root)), index);
}

/** The root is a hit with one of `keys`, or runs and is followed by every step on it: it runs for certain where it is a hit on none of them, whatever the root does. */
async function overRoot(
  request: VertexRequest,
  root: VertexId,
  keys: readonly Digest[],
  inputs: ReadonlyMap<VertexId, VertexLookup>,
  index: CacheIndex,
): Promise<OpenLookup> {
  const own = new Map(inputs);
  const found = new Set<Digest>();
  let isOpen = false;
  for (const key of keys) {
    own.set(root, { outcome: 'given', key });
    const answer = await lookupBare(request, own, index);
    if (answer.outcome === 'unknown') return answer;
    if (answer.outcome === 'hit') found.add(answer.key);
    if (answer.outcome !== 'depends') continue;
    isOpen ||= answer.keys === undefined;
    for (const each of answer.keys ?? []) found.add(each);
  }
  if (isOpen) return { outcome: 'depends', on: [root] };
  return found.size === 0
    ? { outcome: 'miss', cause: 'absent' }
    : { outcome: 'depends', on: [root], keys: [...found] };
}

/** What the sources in `on` land is not known yet: a hit is a record of the same op on the same root. */
async function overContents(
  on: readonly VertexId[],
  request: VertexRequest,
  partial: Digest,
  index: CacheIndex,
): Promise<OpenLookup> {
  const keys = await index.keysWithPartial(partial);
  if (keys.length === 0) return { outcome: 'miss', cause: 'absent' };
  // Where times are normalised a step that runs may have made what another one made.
  return request.allowsCutOff ? { outcome: 'depends', on } : { outcome: 'depends', on, keys };
}

/** Nothing was found, and of the sources in `unseen` only keys are known: what they land, once they ran, may still be a hit. */
async function overUnseen(
  unseen: readonly VertexId[],
  request: VertexRequest,
  partial: Digest,
  index: CacheIndex,
): Promise<OpenLookup> {
  if (unseen.length === 0 || request.kind === 'merge') return { outcome: 'miss', cause: 'absent' };
  return overContents(unseen, request, partial, index);
}

/** What `recordExecution` will call the result; undefined where the content of a source is not known yet. */
function expectedKey(keys: VertexKeys, { sources }: VertexRequest): Digest | undefined {
  return sources.length > 0 && keys.content === undefined ? undefined : ownKey(keys);
}

/** A merge runs when its copy runs: a copy that re-runs makes another layer. Where the copy is a hit, the merge has the key that follows, be it there or not. */
async function mergeOver(
  open: readonly VertexId[],
  request: VertexRequest,
  inputs: ReadonlyMap<VertexId, VertexLookup>,
  index: CacheIndex,
): Promise<OpenLookup> {
  const [vertex] = open; // a merge has one copy
  const copy = vertex === undefined ? undefined : inputs.get(vertex);
  if (vertex === undefined || copy?.outcome !== 'depends') return { outcome: 'miss', cause: 'absent' };
  if (copy.keys === undefined) return { outcome: 'depends', on: open };
  const own = new Map(inputs);
  const found: Digest[] = [];
  for (const key of copy.keys) {
    own.set(vertex, { outcome: 'given', key });
    const keys = await keysOf(request, own, index);
    if (keys === undefined) return { outcome: 'depends', on: open };
    found.push((await index.find(recordNames(keys)))?.key ?? ownKey(keys));
  }
  return { outcome: 'depends', on: open, keys: found };
}

/** A vertex without a filesystem of its own stands where its root stands. */
function passedOn(root: VertexLookup): VertexLookup {
  const key = keyOf(root);
  if (key !== undefined) return { outcome: 'given', key, ...(isKeyOnly(root) ? { isKeyOnly: true } : {}) };
  return root;
}

function withoutKeys(lookup: VertexLookup): VertexLookup {
  if (lookup.outcome !== 'depends' || lookup.keys === undefined) return lookup;
  const { keys: _, ...told } = lookup;
  return told;
}

function sourcesThat(
  sources: readonly SelectionRequest[],
  inputs: ReadonlyMap<VertexId, VertexLookup>,
  holds: (lookup: VertexLookup | undefined) => boolean,
): readonly VertexId[] {
  return sources.map((source) => source.vertex).filter((vertex) => holds(inputs.get(vertex)));
}
