/** One edit of a project, and the steps that run again after it: what BuildKit did, measured, and what we do where that differs. Facts only; projects and words are ours. */

import type { BuildOptions } from '../../core/build/options.ts';
import type { MemoryFile } from '../../core/context/memory-tree.ts';

export type Files = Readonly<Record<string, string | MemoryFile>>;

/** Images that `FROM base` can stand for (test/unit/build/base-images.ts). */
export type BaseName = 'base' | 'other' | 'same' | 'labelled' | 'trigger';

export interface OracleEdit {
  readonly name: string;
  /** Steps that BuildKit did not report CACHED: dockerd 28.5.2 unless `measuredWith` says otherwise. */
  readonly buildkit: readonly string[];
  readonly measuredWith?: '20.10.24' | '28.5.2 with containerd store';
  readonly ours?: Otherwise;
  /** The first build is of this Dockerfile, not of the fixture's. */
  readonly before?: string;
  readonly dockerfile?: string;
  /** Done to the context's folder before the first build. */
  readonly prepare?: (folder: string) => void;
  /** Done after it; answers where the context is now when it moved. */
  readonly change?: (folder: string) => string | undefined;
  readonly base?: BaseName;
  readonly options?: Partial<BuildOptions>;
  /** Of the secret in the second build. */
  readonly secret?: 'other' | 'absent';
  /** What the server gives from then on. */
  readonly serve?: Served;
  readonly needs?: 'root' | 'attributes of files' | 'a server';
}

export interface Served {
  readonly body?: string;
  readonly etag?: string;
  /** Last-Modified. */
  readonly modified?: string;
}

/** Where we do not follow BuildKit. */
export interface Otherwise {
  /** "fewer": BuildKit runs what cannot turn out differently. "stale": BuildKit keeps a result that is wrong. "more": what BuildKit keeps is something else with us. */
  readonly kind: 'fewer' | 'stale' | 'more';
  readonly runs: readonly string[];
  readonly because: string;
}

export interface OracleFixture {
  readonly name: string;
  /** Steps have their names in comments above them. */
  readonly dockerfile: string;
  readonly context: Files;
  /** Of both builds; an edit's come on top. */
  readonly options?: Partial<BuildOptions>;
  readonly edits: readonly OracleEdit[];
}

/** The steps that we run. */
export function expectedRuns({ buildkit, ours }: OracleEdit): readonly string[] {
  return ours?.runs ?? buildkit;
}
