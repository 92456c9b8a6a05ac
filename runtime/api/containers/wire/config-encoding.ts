/** The engine's `ContainerConfig` -> Docker's `Config` on the wire, as `inspect` shows it. */

import type { ContainerConfig } from '../../../engine/containers/container.ts';

/** Every field clients look for; null where dockerd answers null. */
export function configToWire(config: ContainerConfig): Readonly<Record<string, unknown>> {
  return {
    Hostname: config.hostname ?? '',
    Domainname: config.domainname ?? '',
    User: config.user ?? '',
    AttachStdin: config.attachStdin ?? false,
    AttachStdout: config.attachStdout ?? false,
    AttachStderr: config.attachStderr ?? false,
    ...(config.exposedPorts === undefined ? {} : { ExposedPorts: keySet(config.exposedPorts) }),
    Tty: config.tty ?? false,
    OpenStdin: config.openStdin ?? false,
    StdinOnce: config.stdinOnce ?? false,
    Env: config.env ?? [],
    Cmd: config.cmd ?? null,
    ...(config.healthcheck === undefined ? {} : { Healthcheck: config.healthcheck }),
    Image: config.image,
    Volumes: config.volumes === undefined ? null : keySet(config.volumes),
    WorkingDir: config.workingDir ?? '',
    Entrypoint: config.entrypoint ?? null,
    ...(config.networkDisabled === true ? { NetworkDisabled: true } : {}),
    ...(config.macAddress === undefined ? {} : { MacAddress: config.macAddress }),
    OnBuild: config.onBuild ?? null,
    Labels: config.labels ?? {},
    ...(config.stopSignal === undefined ? {} : { StopSignal: config.stopSignal }),
    ...(config.stopTimeoutSeconds === undefined ? {} : { StopTimeout: config.stopTimeoutSeconds }),
    ...(config.shell === undefined ? {} : { Shell: config.shell }),
  };
}

function keySet(keys: readonly string[]): Readonly<Record<string, object>> {
  return Object.fromEntries(keys.map((key) => [key, {}]));
}
