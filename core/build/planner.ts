/** What planning one Dockerfile shares between its stages. */

import type { Dockerfile } from '../dockerfile/types.ts';
import type { Problem } from '../source.ts';

import type { VertexId } from './ops.ts';
import type { BuildOptions } from './options.ts';
import type { StageState } from './stage-state.ts';
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
