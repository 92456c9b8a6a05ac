/**
 * What a cache remembers of an executed vertex, and what a lookup asks of it.
 * The builder's SQLite index, the in-memory index of tests and the client side of `/naru/v1/cache/resolve` implement or carry these.
 */

import type { SelectionFault } from '../context/selected.ts';
import type { Digest } from '../oci/digest.ts';

import { areAlike } from './alike-instructions.ts';
import type { Op, VertexId } from './ops.ts';

export type ComponentKind =
  | 'command'
  | 'env'
  | 'arg'
  | 'workdir'
  | 'user'
  | 'option'
  | 'host'
  | 'mount'
  | 'flag'
  | 'destination'
  | 'file'
  | 'base'
  | 'source'
  | 'platform';

/** One thing that a step can observe. `kind` and `name` identify it, `value` is what the key depends on. */
export interface KeyComponent {
  readonly kind: ComponentKind;
  readonly name: string;
  /** In clear, except ARG values and values of names that look secret: those are short digests. */
  readonly value: string;
  /** Files: the path in the context or source; no part of the key. */
  readonly path?: string;
}

/** Which step of which Dockerfile made a record: finds the record to compare with when a lookup misses. */
export interface StepOrigin {
  /** Identifies the Dockerfile across edits, for example a digest of its path. */
  readonly project: string;
  readonly stage: string;
  readonly line: number;
  /** As `Vertex.place`; records of earlier versions do not say. */
  readonly place?: string;
  readonly instruction: string;
  /** As `argsDigest`: of the records of one step those made with the same arguments are nearer. */
  readonly args?: string;
}

/**
 * Those that may be earlier versions of the step (`areAlike`). First those of a step of the same kind, of these those made with the same arguments as `origin`, then those at its place; otherwise as they come.
 * A linked copy is two steps with one text. Who builds one file with several arguments by turns is told of what changed since that one, not of the arguments.
 * Heredocs have one text, whatever is in them.
 */
export function nearestFirst<R extends Pick<CacheRecord, 'origin'>>(
  records: readonly R[],
  origin: StepOrigin,
): readonly R[] {
  const distance = (record: R): number =>
    4 * Number(kindOf(record.origin) !== kindOf(origin)) +
    2 * Number(record.origin.args !== origin.args) +
    Number(record.origin.place !== origin.place);
  return records
    .filter((record) => areAlike(record.origin.instruction, origin.instruction))
    .toSorted((a, b) => distance(a) - distance(b));
}

/** The first word of a place. */
function kindOf({ place = '' }: StepOrigin): string {
  return place.split(' ')[0] ?? '';
}

export interface CacheRecord {
  /** The one that keys of later steps build on. */
  readonly key: Digest;
  /** Other keys that lead here: by definition of the sources, by their content, by result. */
  readonly aliases: readonly Digest[];
  /** Key without its sources: tells whether other content of a source could be a hit. */
  readonly partial: Digest;
  readonly rootKey?: Digest;
  /** Of what its files came from, in the order of the sources; records of earlier versions do not say. */
  readonly sourceKeys?: readonly Digest[];
  readonly origin: StepOrigin;
  /** Left out of what `find` answers: empty there. */
  readonly components: readonly KeyComponent[];
  /** Name of the result in the store that keeps it (a committed snapshot). */
  readonly result: string;
  /** There is no result: keys and hits of what depends on the step follow from it, and whoever needs its files runs it. */
  readonly isKeyOnly?: boolean;
  /** Of what the step changed, times included; only where times are normalised. */
  readonly contentDigest?: Digest;
  readonly seconds: number;
  readonly bytes: number;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** Files of another vertex's result that an op reads. */
export interface SelectionRequest {
  readonly vertex: VertexId;
  readonly selection: Selection;
}

export type Selection =
  | FileSelection
  /** The layer a linked copy made; it has no content key, the copy below it has. */
  | { readonly kind: 'layer' };

export type FileSelection =
  | CopySelection
  /** Everything at and below a path, for bind mounts. */
  | { readonly kind: 'tree'; readonly path: string };

/** One COPY or ADD, or one remote source of it. */
export interface CopySelection {
  readonly kind: 'copy';
  readonly sources: readonly string[];
  readonly destination: string;
  readonly isDestinationDirectory: boolean;
  readonly excludes: readonly string[];
  readonly keepsParents: boolean;
  readonly chown?: string;
  readonly chmod?: string;
  /** ADD: a file that is named itself may be an archive, which is another result than the same file in a folder. */
  readonly unpacks?: boolean;
  /** The destination is no directory: a file that is copied alone loses its name. Other sources then land nothing. */
  readonly isExact?: boolean;
}

/** What names a copy of the build context in whatever way the context came: as a folder, or as an archive or a repository that the engine unpacks. */
export interface ContextKeys {
  /** Digest of what the op itself contributes, without the files. */
  readonly local: Digest;
  /** Digest of what lands; of a context that the engine unpacks the cache says it. */
  readonly content?: Digest;
}

/** What a lookup needs of one vertex; plain data, so that a client can send it to the engine. */
export interface VertexRequest {
  readonly id: VertexId;
  readonly kind: Op['kind'];
  /** Known without a cache: images, scratch. */
  readonly givenKey?: Digest;
  /** Digest of everything the op itself contributes; absent when it cannot be known before building. */
  readonly local?: Digest;
  /** The same without the name of a file that is copied alone: it counts where the destination turns out to be no directory. */
  readonly localExact?: Digest;
  /** Of a copy that takes files of the build context alone. */
  readonly context?: ContextKeys;
  readonly root?: VertexId;
  readonly sources: readonly SelectionRequest[];
  readonly isForced: boolean;
  /** Times of results are normalised, so that a re-run step may turn out as before. */
  readonly allowsCutOff: boolean;
  readonly origin: StepOrigin;
}

/** The cache as a lookup sees it. */
export interface CacheIndex {
  /** The usable record (its result still exists) of the first key that has one; else one that is `isKeyOnly`. */
  find(keys: readonly Digest[]): Promise<CacheRecord | undefined>;
  /** Keys of the usable records that have this `partial`, in no order. */
  keysWithPartial(partial: Digest): Promise<readonly Digest[]>;
  /** Digest of what a selection lands of a result; undefined when the result is not at hand, and when it lacks a source. */
  contentOf(key: Digest, selection: Selection): Promise<Digest | undefined>;
  /** What a copy or a mount would not find in a result, as a build tells it; none when the result is not at hand. */
  faultsOf(key: Digest, selection: FileSelection): Promise<readonly SelectionFault[]>;
  /** The latest record of the same project and stage with this instruction text, else one at this place that may be an earlier version of it; see `nearestFirst`. */
  nearest(origin: StepOrigin): Promise<CacheRecord | undefined>;
}

export type VertexLookup =
  /** Nothing to look up: an image, scratch, another stage, metadata. */
  | { readonly outcome: 'given'; readonly key: Digest; readonly isKeyOnly?: boolean }
  | { readonly outcome: 'hit'; readonly key: Digest; readonly record: CacheRecord }
  /** An earlier vertex of the plan does exactly the same: its result is taken. */
  | { readonly outcome: 'twin'; readonly of: VertexId }
  /** `previous` is the record to compare with. */
  | {
      readonly outcome: 'miss';
      readonly cause: 'absent' | 'forced' | 'root';
      /** The key that its record will have, where that is known before it runs. */
      readonly key?: Digest;
      readonly previous?: CacheRecord;
      /** Files that it would not find where it copies from: it cannot run. */
      readonly faults?: readonly SelectionFault[];
    }
  /** Hit if the vertices in `on` yield what they yielded before. */
  | {
      readonly outcome: 'depends';
      readonly on: readonly VertexId[];
      /** Those it has when it is a hit, where they are known: what stands on it can be a hit with no other. Left out of the answers of a whole plan. */
      readonly keys?: readonly Digest[];
      readonly previous?: CacheRecord;
      readonly faults?: readonly SelectionFault[];
    }
  /** `on`: the vertices that are not known; empty when the op itself is. */
  | { readonly outcome: 'unknown'; readonly on: readonly VertexId[]; readonly previous?: CacheRecord };
