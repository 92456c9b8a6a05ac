/** The plan of a build: stages lowered to vertices, what the target needs, and the image config it ends with. */

import type { Span } from '../source.ts';
import type { ImageConfig } from '../oci/image-config.ts';

import type { Op, ResolvedImage, VertexId } from './ops.ts';
import type { Platform } from '../oci/platform.ts';

export interface Vertex {
  readonly id: VertexId;
  readonly op: Op;
  /** The filesystem it starts from; absent for scratch, images and linked copies. */
  readonly root?: VertexId;
  readonly stageIndex: number;
  /** Name as written, or the index: what output calls the stage. */
  readonly stageName: string;
  /** 1-based source line; ONBUILD steps stand under the line of their FROM. */
  readonly line: number;
  /** The n-th of its kind in the stage (`run 2`): lines move with every comment, this does not. */
  readonly place: string;
  readonly span: Span;
  /** One line: keyword upper-cased, continuations joined, variables as written. */
  readonly instruction: string;
  /** Made for another vertex (image of `--from`, copy below `--link`, download): never listed. */
  readonly isImplicit: boolean;
  /** `--no-cache` or `--no-cache-filter` covers it. */
  readonly isForced: boolean;
  /** Index into the stage's history, for vertices and metadata that make an entry. */
  readonly historyIndex?: number;
}

/** An instruction of a stage the target does not need; it is not evaluated. */
export interface SkippedStep {
  readonly stageIndex: number;
  readonly stageName: string;
  readonly line: number;
  readonly span: Span;
  readonly instruction: string;
}

export interface PlannedStage {
  readonly index: number;
  readonly name: string;
  /** Its last vertex: the filesystem of the stage. */
  readonly last: VertexId;
  /** All its vertices in order, implicit ones included. */
  readonly vertices: readonly VertexId[];
  /** `rootfs.diff_ids` is that of the base image; layers are added when they are made. */
  readonly config: ImageConfig;
}

export interface Plan {
  /** Inputs come before what uses them. */
  readonly vertices: readonly Vertex[];
  /** Needed stages only, in the order they were completed. */
  readonly stages: readonly PlannedStage[];
  readonly target: PlannedStage;
  readonly skipped: readonly SkippedStep[];
}

/** Answers undefined when the image cannot be known now; the plan then has an `image` op without `image`. */
export type ImageResolver = (reference: string, platform: Platform) => Promise<ResolvedImage | undefined>;
