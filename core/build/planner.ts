/** What planning one Dockerfile shares between its stages, and what each of them carries from one instruction to the next. */

import type { Dockerfile, Instruction, Stage } from '../dockerfile/types.ts';
import type { HistoryEntry, ImageRunConfig } from '../oci/image-config.ts';
import type { Platform } from '../oci/platform.ts';
import type { Problem } from '../source.ts';

import type { VertexId } from './ops.ts';
import type { BuildOptions } from './options.ts';
import type { ImageResolver, Vertex } from './types.ts';

export interface Planner {
  readonly dockerfile: Dockerfile;
  readonly options: BuildOptions;
  readonly resolveImage: ImageResolver;
  /** ARGs before the first FROM and the platform arguments. */
  readonly globals: ReadonlyMap<string, string>;
  readonly vertices: Vertex[];
  readonly problems: Problem[];
  /** Vertices of contexts that are fetched, by name; '' is the main one. */
  readonly fetched: Map<string, VertexId>;
  /** Stages whose name the caller gave to something else. */
  readonly replaced: Set<number>;
  /** Stages planned so far, by index. */
  readonly done: Map<number, StageState>;
  /** Stages being planned: meeting one again is a cycle. */
  readonly open: Set<number>;
  /** Plans a stage and what it needs, once. Undefined, with a problem reported, for a cycle. */
  planStage(index: number): Promise<StageState | undefined>;
}

/** Mutable while its stage is being planned, then read by stages that start from it. */
export interface StageState {
  readonly planner: Planner;
  readonly stage: Stage;
  /** What output calls the stage. */
  readonly name: string;
  readonly platform: Platform;
  /** Variables as RUN sees them, in order of declaration. */
  readonly variables: Map<string, string>;
  /** Those of `variables` that come from ARG. */
  readonly argNames: Set<string>;
  config: ImageRunConfig;
  author: string | undefined;
  readonly history: HistoryEntry[];
  /** Undefined before the FROM. */
  root: VertexId | undefined;
  readonly vertices: VertexId[];
  /** CMD was given in this stage: ENTRYPOINT then leaves it. */
  hasCommand: boolean;
  /** Line and span of the FROM while triggers of the base image run. */
  trigger: Instruction | undefined;
}
