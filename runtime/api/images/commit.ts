/** `POST /commit`: an image from a container. */

import {
  decodeContainerConfig,
  type ContainerConfigBody,
} from '../../../core/engine-api/container-config.ts';
import { optional } from '../../../core/engine-api/decode.ts';
import type { ImageRunConfig } from '../../../core/oci/image-config.ts';
import type { ContainerConfig } from '../../engine/containers/container.ts';
import type { CommitRequest } from '../../engine/containers/requests.ts';
import { applyChanges } from '../../engine/images/changes.ts';
import { json, type Endpoint } from '../endpoint.ts';
import { given, present } from '../present.ts';

export const imageCommit: Endpoint = {
  method: 'POST',
  path: '/commit',
  handle: async (request, { containers }) => {
    const { query } = request;
    const overrides = await request.json(optional(decodeContainerConfig));
    const { id, config } = await containers.inspect(query.text('container'));
    const repository = query.text('repo');
    const tag = query.text('tag');
    const image = await containers.commit(
      id,
      present<CommitRequest>({
        pause: query.flagOr('pause', true),
        comment: query.text('comment'),
        author: query.text('author'),
        reference: given(tag === '' ? repository : `${repository}:${tag}`),
        config: applyChanges(runConfigOf(config, overrides), query.all('changes')),
      }),
    );
    return json({ Id: image.id }, 201);
  },
};

/** Docker: what the body says wins, lists and maps of both are merged by key (runconfig.Merge). */
function runConfigOf(config: ContainerConfig, overrides: ContainerConfigBody | undefined): ImageRunConfig {
  return present<ImageRunConfig>({
    User: given(overrides?.User) ?? config.user,
    ExposedPorts: given({
      ...keySet(config.exposedPorts),
      ...keySet(Object.keys(overrides?.ExposedPorts ?? {})),
    }),
    Env: given(mergedEnv(config.env ?? [], overrides?.Env ?? [])),
    Entrypoint: given(overrides?.Entrypoint) ?? config.entrypoint,
    Cmd: given(overrides?.Cmd) ?? config.cmd,
    Volumes: given({ ...keySet(config.volumes), ...keySet(Object.keys(overrides?.Volumes ?? {})) }),
    WorkingDir: given(overrides?.WorkingDir) ?? config.workingDir,
    Labels: given({ ...config.labels, ...overrides?.Labels }),
    StopSignal: given(overrides?.StopSignal) ?? config.stopSignal,
    StopTimeout: overrides?.StopTimeout ?? config.stopTimeoutSeconds,
    Shell: given(overrides?.Shell) ?? config.shell,
    Healthcheck: overrides?.Healthcheck ?? config.healthcheck,
    OnBuild: given(overrides?.OnBuild) ?? config.onBuild,
    ArgsEscaped: undefined,
  });
}

function keySet(keys: readonly string[] | undefined): Readonly<Record<string, Record<string, never>>> {
  return Object.fromEntries((keys ?? []).map((key) => [key, {}]));
}

function mergedEnv(base: readonly string[], added: readonly string[]): readonly string[] {
  const byName = new Map([...base, ...added].map((entry) => [entry.split('=', 1)[0] ?? '', entry]));
  return [...byName.values()];
}
