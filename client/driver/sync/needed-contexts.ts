/** Which contexts a build will read, so that the others are neither looked at nor sent. The engine plans again, and has the last word. */

import { isContextRead, neededContexts } from '../../../core/build/needed-contexts.ts';
import type { BuildOptions } from '../../../core/build/options.ts';
import type { Dockerfile } from '../../../core/dockerfile/types.ts';
import type { EngineConnection } from '../engine/connection.ts';
import { demandNaru, resolveImages } from '../engine/naru.ts';

export interface NeededOptions {
  /** Told the images that the build stands on and copies from; what it answers is whether the engine has more of them now. */
  readonly onImages?: (references: ReadonlySet<string>) => Promise<boolean>;
  readonly signal?: AbortSignal;
}

/**
 * Names of directories, '' for the main context. What cannot be built needs none: the engine says why.
 * The plan, which asks the engine for images, is made only where the text does not tell.
 * @throws NaruError "unimplemented" for an engine that is not Naru's
 */
export async function findNeededContexts(
  engine: EngineConnection,
  dockerfile: Dockerfile,
  options: BuildOptions,
  { onImages = async () => false, signal }: NeededOptions = {},
): Promise<ReadonlySet<string>> {
  demandNaru(engine, 'context sync');
  if (options.buildContexts.size === 0 && isContextRead(dockerfile, options.target)) return new Set(['']);
  const { planBuild } = await import('../../../core/build/plan.ts');
  for (;;) {
    const references = new Set<string>();
    const { value: plan } = await planBuild(dockerfile, options, async (reference, platform) => {
      references.add(reference);
      const images = [{ reference, platform }];
      return (await resolveImages(engine, { images, isLocalOnly: false }, signal))[0];
    });
    // An image that was not there may bring triggers.
    if (!(await onImages(references))) return plan === undefined ? new Set() : neededContexts(plan);
  }
}
