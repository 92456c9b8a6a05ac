/** The options that a build gets from a random situation. */

import { type BuildOptions, defaultBuildOptions } from '../../../core/build/options.ts';
import type { Platform } from '../../../core/oci/platform.ts';
import type { Situation } from './edit-kinds.ts';

export function randomBuildOptions({ project, options }: Situation, platform: Platform): BuildOptions {
  const { target, version, host, epoch, noCache, noCacheFilter, more } = options;
  const buildArgs = new Map(more.buildArgs);
  if (version !== undefined) buildArgs.set('VERSION', version);
  return {
    ...defaultBuildOptions(platform),
    ...more,
    ...(target === undefined || target >= project.stages.length ? {} : { target: `s${target}` }),
    buildArgs,
    noCache,
    noCacheFilter: noCacheFilter === undefined ? [] : [`s${noCacheFilter}`],
    extraHosts: host === undefined ? [] : [{ name: host, address: '10.0.0.1' }],
    ...(epoch === undefined ? {} : { sourceDateEpoch: epoch }),
  };
}
