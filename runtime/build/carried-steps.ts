/** The steps of a finished build as others can use them: in the image's own config, or carried away with their layers. */

import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { CacheRecord, VertexLookup } from '../../core/build/cache-record.ts';
import {
  type CarriedCache,
  carriedFields,
  type CarriedRecord,
  type InlineCache,
} from '../../core/build/carried-cache.ts';
import { KEY_VERSION } from '../../core/build/encoding.ts';
import { keyBySources, sourceKeysOf } from '../../core/build/lookup.ts';
import type { VertexId } from '../../core/build/ops.ts';
import type { PreparedVertex } from '../../core/build/requests.ts';
import type { Plan } from '../../core/build/types.ts';
import { type Digest, digestHex } from '../../core/oci/digest.ts';
import { CACHE_FILE, type CacheExportRequest } from '../../core/protocol/cache-carry.ts';
import type { TarEntry } from '../../core/tar/entry.ts';
import { type NewTarMember, writeTar } from '../../local/tar/writer.ts';
import type { Snapshotter } from '../snapshots/snapshotter.ts';
import type { CacheRecords } from './cache-records.ts';
import type { Solved } from './solve.ts';
import { targetChain } from './target-chain.ts';

export interface MadeStep {
  /** Its components stay on disk: a build is known for an hour, and a large context has one for each file. */
  readonly record: CacheRecord;
  /** Its layers are the image's. */
  readonly isInTarget: boolean;
  /** Found elsewhere and never needed: its layers are not here. */
  readonly carried?: CarriedRecord;
}

export interface MadeSteps {
  readonly steps: readonly MadeStep[];
  /** Snapshots of base images: who builds on the same has their layers. */
  readonly bases: readonly string[];
}

/**
 * Steps that ran or were found, in plan order.
 * One that was found by what its sources land is also named by these sources: elsewhere their files need not be at hand.
 */
export async function madeSteps(
  plan: Plan,
  prepared: ReadonlyMap<VertexId, PreparedVertex>,
  solved: ReadonlyMap<VertexId, Solved>,
  carriedOf: (result: string) => CarriedRecord | undefined,
): Promise<MadeSteps> {
  const inTarget = targetChain(plan);
  const lookups = new Map<VertexId, VertexLookup>();
  const steps: MadeStep[] = [];
  const bases: string[] = [];
  for (const vertex of plan.vertices) {
    const { lookup, result } = solved.get(vertex.id) ?? {};
    // A stage stands where its root stands, also when that ran after all.
    const isPassedOn = vertex.op.kind === 'stage' || vertex.op.kind === 'metadata';
    const standing = isPassedOn && vertex.root !== undefined ? lookups.get(vertex.root) : lookup;
    if (standing !== undefined) lookups.set(vertex.id, standing);
    if (result === undefined) continue;
    if (vertex.op.kind === 'image') bases.push(result);
    if (lookup?.outcome !== 'hit') continue;
    const carried = carriedOf(result);
    const { request } = prepared.get(vertex.id) ?? {};
    // What they land is not asked for: of a stage that ran after all it may differ from what the record was made of.
    const name = request === undefined ? undefined : await keyBySources(request, lookups);
    const sources = request === undefined ? [] : sourceKeysOf(request, lookups);
    const aliases = [...new Set([...lookup.record.aliases, ...(name === undefined ? [] : [name])])];
    const sourceKeys = [...new Set([...(lookup.record.sourceKeys ?? []), ...sources])];
    const madeFrom = sourceKeys.length === 0 ? {} : { sourceKeys };
    const record = { ...lookup.record, components: [], aliases, ...madeFrom, result };
    steps.push({
      record,
      isInTarget: inTarget.has(vertex.id),
      ...(carried === undefined ? {} : { carried }),
    });
  }
  return { steps, bases };
}

/** Records of the image's own layers, and the keys of the other steps; `depthOf` counts the layers of a result. */
export function inlineCache(
  { steps }: MadeSteps,
  depthOf: (result: string) => number | undefined,
): InlineCache {
  const records = steps.map(({ record, isInTarget }) => {
    const nLayers = isInTarget ? (depthOf(record.result) ?? 0) : 0;
    const { key, aliases, partial, rootKey, sourceKeys, createdAt } = record;
    return {
      key,
      aliases,
      partial,
      nLayers,
      createdAt,
      ...(rootKey === undefined ? {} : { rootKey }),
      ...(sourceKeys === undefined ? {} : { sourceKeys }),
    };
  });
  return { keyVersion: KEY_VERSION, records };
}

export interface CarryOptions {
  readonly made: MadeSteps;
  readonly request: CacheExportRequest;
  readonly snapshots: Snapshotter;
  readonly records: CacheRecords;
  /** Is ended. */
  readonly out: Writable;
  readonly signal: AbortSignal;
}

/** Writes the tar of cache-carry.ts. What was removed since the build is left out. The caller holds what is there. */
export async function carrySteps(options: CarryOptions): Promise<void> {
  await pipeline(Readable.from(writeTar(members(options)), { objectMode: false }), options.out, {
    signal: options.signal,
  });
}

async function* members(options: CarryOptions): AsyncGenerator<NewTarMember, void, void> {
  const { made, request, snapshots, records } = options;
  const sent = new Set(request.have);
  const bases = new Set<string>();
  for (const base of made.bases) for (const name of await stackOf(base, snapshots)) bases.add(name);
  const carried: CarriedRecord[] = [];
  for (const { record, isInTarget, carried: elsewhere } of made.steps) {
    if (request.mode === 'min' && !isInTarget) {
      const { result: _, ...keys } = record;
      carried.push({ ...carriedFields(keys), components: [], layers: [] });
      continue;
    }
    if (elsewhere !== undefined) {
      carried.push({ ...elsewhere, aliases: record.aliases });
      continue;
    }
    const stack = await stackOf(record.result, snapshots);
    if (stack.length === 0) continue;
    const layers: Digest[] = [];
    for (const name of stack) {
      const { diffId, tarBytes } = await snapshots.layerInfo(name);
      layers.push(diffId);
      if (bases.has(name) || sent.has(diffId)) continue;
      sent.add(diffId);
      yield { entry: entryOf(digestHex(diffId), tarBytes), content: snapshots.exportLayer(name) };
    }
    const { result, ...rest } = record;
    const [stored] = records.ofResult(result);
    const components = stored === undefined ? [] : records.componentsOf(stored.id);
    carried.push({ ...carriedFields(rest), components, layers });
  }
  const cache: CarriedCache = { keyVersion: KEY_VERSION, records: carried };
  const bytes = Buffer.from(JSON.stringify(cache));
  yield { entry: entryOf(CACHE_FILE, bytes.length), content: [bytes] };
}

/** Lowest first; empty when it is not there any more. */
async function stackOf(name: string, snapshots: Snapshotter): Promise<readonly string[]> {
  const stack: string[] = [];
  for (let at: string | undefined = name; at !== undefined; ) {
    const info = await snapshots.stat(at);
    if (info === undefined) return [];
    stack.unshift(at);
    at = info.parent;
  }
  return stack;
}

function entryOf(path: string, sizeBytes: number): TarEntry {
  return { path, kind: 'file', mode: 0o644, uid: 0, gid: 0, sizeBytes, mtimeNs: 0n };
}
