/** What `POST /naru/v1/builds` is asked for. */

import { type BuildOptions, defaultBuildOptions } from '../../core/build/options.ts';
import { type BuildRequest, encodeBuildOptions } from '../../core/protocol/build.ts';
import { machinePlatform } from '../../runtime/host/machine-platform.ts';

/** A build of one Dockerfile without a context, a tag or a network. */
export function buildRequest(
  text: string,
  changes: Partial<BuildRequest> = {},
  options: Partial<BuildOptions> = {},
): BuildRequest {
  return {
    dockerfile: { path: 'Dockerfile', text },
    contexts: {},
    project: 'p',
    options: encodeBuildOptions({ ...defaultBuildOptions(machinePlatform()), network: 'none', ...options }),
    tags: [],
    secrets: {},
    pulls: false,
    ...changes,
  };
}
