/** What a container runs with: the request over the image's config, by Docker's rules. Pure. */

import type { HealthcheckConfig, ImageRunConfig } from '../../../../core/oci/image-config.ts';
import { NaruError } from '../../../../core/errors.ts';
import type { ContainerConfig } from '../container.ts';

/**
 * A given entrypoint drops the image's command; environment of the request comes first, then what the image adds.
 * @throws NaruError "invalid-argument" when there is nothing to run
 */
export function mergeConfig(request: ContainerConfig, image: ImageRunConfig): ContainerConfig {
  const command = mergeCommand(request, image);
  if (command.entrypoint.length + command.cmd.length === 0) {
    throw new NaruError('invalid-argument', 'E_NO_COMMAND', 'no command specified');
  }
  const { healthcheck: _healthcheck, ...rest } = request;
  const healthcheck = mergeHealthcheck(request.healthcheck, image.Healthcheck);
  const stopSignal = orElse(request.stopSignal, image.StopSignal);
  const stopTimeoutSeconds = request.stopTimeoutSeconds ?? image.StopTimeout;
  const shell = request.shell ?? image.Shell;
  return {
    ...rest,
    ...command,
    user: orElse(request.user, image.User) ?? '',
    env: mergeEnv(request.env ?? [], image.Env ?? []),
    workingDir: orElse(request.workingDir, image.WorkingDir) ?? '',
    labels: { ...image.Labels, ...request.labels },
    volumes: union(request.volumes, Object.keys(image.Volumes ?? {})),
    exposedPorts: union(request.exposedPorts, Object.keys(image.ExposedPorts ?? {})),
    ...(stopSignal === undefined ? {} : { stopSignal }),
    ...(stopTimeoutSeconds === undefined ? {} : { stopTimeoutSeconds }),
    ...(healthcheck === undefined ? {} : { healthcheck }),
    ...(shell === undefined ? {} : { shell }),
  };
}

function mergeCommand(
  request: ContainerConfig,
  image: ImageRunConfig,
): { readonly entrypoint: readonly string[]; readonly cmd: readonly string[] } {
  const entrypoint = request.entrypoint ?? [];
  const cmd = request.cmd ?? [];
  if (entrypoint.length > 0) {
    return { entrypoint: entrypoint.length === 1 && entrypoint[0] === '' ? [] : entrypoint, cmd };
  }
  return { entrypoint: image.Entrypoint ?? [], cmd: cmd.length > 0 ? cmd : (image.Cmd ?? []) };
}

function mergeEnv(request: readonly string[], image: readonly string[]): readonly string[] {
  const names = new Set(request.map(nameOf));
  return [...request, ...image.filter((entry) => !names.has(nameOf(entry)))];
}

function nameOf(entry: string): string {
  return entry.split('=', 1)[0] ?? '';
}

/** Each field by itself: `--health-interval` alone keeps the image's test. */
function mergeHealthcheck(
  request: HealthcheckConfig | undefined,
  image: HealthcheckConfig | undefined,
): HealthcheckConfig | undefined {
  if (request === undefined || image === undefined) return request ?? image;
  const given = Object.entries(request).filter(([, value]) => value !== undefined && value !== 0);
  const test = request.Test === undefined || request.Test.length === 0 ? image.Test : request.Test;
  return { ...image, ...Object.fromEntries(given), ...(test === undefined ? {} : { Test: test }) };
}

function union(...lists: readonly (readonly string[] | undefined)[]): readonly string[] {
  return [...new Set(lists.flatMap((list) => list ?? []))].toSorted();
}

function orElse(value: string | undefined, other: string | undefined): string | undefined {
  return value === undefined || value === '' ? other : value;
}
