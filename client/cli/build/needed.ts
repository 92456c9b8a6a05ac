/** Which of the contexts on the command line a build uses; the others are neither read nor sent nor loaded. */

import type { BuildOptions } from '../../../core/build/options.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';
import type { Dockerfile } from '../../../core/dockerfile/types.ts';
import type { EngineConnection } from '../../driver/engine/connection.ts';
import { findNeededContexts } from '../../driver/sync/needed-contexts.ts';
import type { OpenLayouts } from './layouts.ts';
import type { BuildSource } from './source.ts';

/** Names of directories, '' for the main context. */
export type NeededContexts = Pick<ReadonlySet<string>, 'has'>;

export const EVERYTHING: NeededContexts = { has: () => true };

/** Loads the layouts that the build uses, and answers the directories. All of them where the Dockerfile lies elsewhere, and only the engine can read it. */
export async function findNeeded(
  engine: EngineConnection,
  { text }: Pick<BuildSource, 'text'>,
  options: BuildOptions,
  layouts: OpenLayouts,
  signal: AbortSignal,
): Promise<NeededContexts> {
  if (text !== undefined) return loadNeeded(engine, readDockerfile(text).value, options, layouts, signal);
  await layouts.load(imagesGiven(options));
  return EVERYTHING;
}

/** As `findNeeded` for a Dockerfile that was read. `options`: with the layouts as images. */
export async function loadNeeded(
  engine: EngineConnection,
  dockerfile: Dockerfile,
  options: BuildOptions,
  layouts: OpenLayouts,
  signal: AbortSignal,
): Promise<NeededContexts> {
  return findNeededContexts(engine, dockerfile, options, {
    onImages: (references) => layouts.load(references),
    signal,
  });
}

function imagesGiven({ buildContexts }: BuildOptions): ReadonlySet<string> {
  return new Set([...buildContexts.values()].map((value) => value.replace(/^docker-image:\/\//, '')));
}
