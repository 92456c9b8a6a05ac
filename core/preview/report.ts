/** What a preview answers: the shape of `naru preview --json`, shared by the CLI, the language server and the editor. */

import type { Span } from '../source.ts';

/**
 * `CACHED?`: holds under the assumption in its reasons. `DEPENDS`: a hit if a stage that re-runs yields the same files.
 * `RELINK`: a linked copy is reused, only its place in the layers is new. `FREE`: metadata, no filesystem step.
 * `ALWAYS`: never looked up (no-cache, a URL that must be asked). `UNKNOWN`: a reason says what is missing.
 */
export type PreviewState =
  | 'CACHED'
  | 'CACHED?'
  | 'RUN'
  | `RUN (after line ${number})`
  | 'DEPENDS'
  | 'RELINK'
  | 'FREE'
  | 'SKIPPED'
  | 'ALWAYS'
  | 'UNKNOWN';

export type ReasonKind =
  /** No record of this step exists. */
  | 'first-build'
  | 'file-changed'
  | 'file-added'
  | 'file-removed'
  | 'file-mode'
  | 'arg'
  | 'env'
  | 'command'
  /** What a heredoc holds: its name is in `arg`. */
  | 'heredoc'
  | 'base'
  | 'workdir'
  | 'user'
  | 'flag'
  | 'mount'
  | 'option'
  /** A step it builds on re-runs. */
  | 'after'
  /** A stage it copies from re-runs, or what it adds has not been fetched by that name. */
  | 'depends'
  | 'no-cache'
  | 'not-needed'
  | 'assumption'
  | 'missing'
  | 'pull'
  /** The same as an earlier step of this build. */
  | 'twin'
  /** Cached, but the command looks at the network: it may be outdated by intent. */
  | 'volatile';

export interface PreviewReason {
  readonly kind: ReasonKind;
  /** One sentence without a full stop. */
  readonly text: string;
  /** Path in the context or the source stage. */
  readonly path?: string;
  /** Name of the ARG, ENV or option. */
  readonly arg?: string;
  /** Of `depends`: the stage whose result decides. */
  readonly stage?: string;
  /** Of `depends`: the open step of the same filesystem that this one turns out as. */
  readonly line?: number;
}

export interface PreviewStep {
  /** Name of the stage as written, or its index. */
  readonly stage: string;
  /** 1-based. */
  readonly line: number;
  readonly instruction: string;
  readonly state: PreviewState;
  /** False when the state holds under an assumption or could turn out either way. */
  readonly certain: boolean;
  readonly reasons: readonly PreviewReason[];
  /** Of the last run of this step. */
  readonly seconds?: number;
  /** Of the layer it made last, or of what it would copy or pull. */
  readonly bytes?: number;
  /** In the Dockerfile's text; not part of the CLI's JSON. */
  readonly span: Span;
}

export interface PreviewSummary {
  /** Steps per state; `RUN (after line N)` counts as RUN. */
  readonly counts: Readonly<Record<string, number>>;
  readonly isAllCached: boolean;
  /** Sum along the critical path of what certainly runs; absent when nothing is known of it, and when the build cannot run. */
  readonly seconds?: number;
  /** The same if every DEPENDS and UNKNOWN runs as well. */
  readonly worstSeconds?: number;
  /** Steps that would run and have never been timed. */
  readonly nUntimed: number;
  /** Context files the build reads. */
  readonly contextFiles: number;
  readonly contextBytes: number;
}

export interface PreviewReport {
  readonly file: string;
  readonly target: string;
  /** In file order, ONBUILD steps under the line of their FROM. */
  readonly steps: readonly PreviewStep[];
  readonly summary: PreviewSummary;
  /** Build arguments that no ARG takes, in alphabetical order; absent where there are none. */
  readonly unusedArgs?: readonly string[];
  /** Images that the build needs and the engine lacks: it cannot be built, and no time is told of it. Absent where there are none. */
  readonly missingImages?: readonly string[];
}
