/** Docker's `Config` on the wire -> the engine's `ContainerConfig`. */

import type { ContainerConfigBody } from '../../../../core/engine-api/container-config.ts';
import { NaruError } from '../../../../core/errors.ts';
import type { ContainerConfig } from '../../../engine/containers/container.ts';
import { given, present } from '../../present.ts';
import { normalizePort } from './port-decoding.ts';

/** Zero values mean "as the image says". @throws invalid-argument */
export function configFromWire(body: ContainerConfigBody): ContainerConfig {
  return present<ContainerConfig>({
    image: body.Image,
    hostname: given(body.Hostname),
    domainname: given(body.Domainname),
    user: given(body.User),
    attachStdin: given(body.AttachStdin),
    attachStdout: given(body.AttachStdout),
    attachStderr: given(body.AttachStderr),
    tty: given(body.Tty),
    openStdin: given(body.OpenStdin),
    stdinOnce: given(body.StdinOnce),
    env: given(checkEnv(body.Env)),
    cmd: given(body.Cmd),
    entrypoint: given(body.Entrypoint),
    workingDir: given(checkWorkingDir(body.WorkingDir)),
    labels: given(body.Labels),
    volumes: given(Object.keys(body.Volumes)),
    exposedPorts: given(Object.keys(body.ExposedPorts).map(normalizePort)),
    stopSignal: given(body.StopSignal),
    stopTimeoutSeconds: body.StopTimeout,
    healthcheck: body.Healthcheck,
    networkDisabled: given(body.NetworkDisabled),
    macAddress: given(body.MacAddress),
    shell: given(body.Shell),
    onBuild: given(body.OnBuild),
  });
}

function checkEnv(env: readonly string[]): readonly string[] {
  for (const entry of env) {
    // Docker: the words of dockerd for `=value` (opts.ValidateEnv).
    if (entry.startsWith('=') || entry === '') {
      throw new NaruError('invalid-argument', 'E_ENV', `invalid environment variable: ${entry}`);
    }
  }
  return env;
}

function checkWorkingDir(workingDir: string): string {
  if (workingDir === '' || workingDir.startsWith('/')) return workingDir;
  const text = `the working directory '${workingDir}' is invalid, it needs to be an absolute path`;
  throw new NaruError('invalid-argument', 'E_WORKDIR', text);
}
