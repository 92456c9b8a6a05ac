/** The answer of `GET /containers/{id}/json`. */

import type { ContainerStateBody, MountPointBody } from '../../../../core/engine-api/containers.ts';
import type { ContainerState, MountPoint } from '../../../engine/containers/container.ts';
import type { ContainerDetail, SizeUsage } from '../../../engine/containers/requests.ts';
import { configToWire } from './config-encoding.ts';
import { hostToWire } from './host-encoding.ts';
import type { NetworkIdOf } from './network-ids.ts';
import { networkSettings } from './network-settings.ts';

/** How Go writes the zero time. */
const ZERO_TIME = '0001-01-01T00:00:00Z';

/** `size` adds the two size fields. */
export function inspectBody(
  detail: ContainerDetail,
  networkIdOf: NetworkIdOf,
  size?: SizeUsage,
): Readonly<Record<string, unknown>> {
  const [path = '', ...args] = commandOf(detail);
  return {
    Id: detail.id,
    Created: detail.createdAt.toISOString(),
    Path: path,
    Args: args,
    State: stateBody(detail.state),
    Image: detail.imageId,
    ResolvConfPath: detail.paths.resolvConf,
    HostnamePath: detail.paths.hostname,
    HostsPath: detail.paths.hosts,
    LogPath: detail.paths.log,
    Name: `/${detail.name}`,
    RestartCount: detail.restartCount,
    Driver: 'overlay2',
    Platform: 'linux',
    MountLabel: '',
    ProcessLabel: '',
    AppArmorProfile: '',
    ExecIDs: detail.execIds.length === 0 ? null : detail.execIds,
    HostConfig: hostToWire(detail.host),
    GraphDriver: { Data: null, Name: 'overlay2' },
    ...(size === undefined ? {} : { SizeRw: size.writableBytes, SizeRootFs: size.rootBytes }),
    Mounts: detail.mounts.map(mountPointBody),
    Config: configToWire(detail.config),
    NetworkSettings: networkSettings(detail, networkIdOf),
  };
}

/** Entrypoint and command as one list. */
export function commandOf(detail: ContainerDetail): readonly string[] {
  return [...(detail.config.entrypoint ?? []), ...(detail.config.cmd ?? [])];
}

/** Docker's flags besides the status: a paused container also counts as running. */
function stateBody(state: ContainerState): ContainerStateBody {
  const { status, health } = state;
  return {
    Status: status,
    Running: status === 'running' || status === 'paused' || status === 'restarting',
    Paused: status === 'paused',
    Restarting: status === 'restarting',
    OOMKilled: state.oomKilled,
    Dead: status === 'dead',
    Pid: state.pid,
    ExitCode: state.exitCode,
    Error: state.error,
    StartedAt: state.startedAt?.toISOString() ?? ZERO_TIME,
    FinishedAt: state.finishedAt?.toISOString() ?? ZERO_TIME,
    ...(health === undefined
      ? {}
      : {
          Health: {
            Status: health.status,
            FailingStreak: health.failingStreak,
            Log: health.log.map((entry) => ({
              Start: entry.startedAt.toISOString(),
              End: entry.endedAt.toISOString(),
              ExitCode: entry.exitCode,
              Output: entry.output,
            })),
          },
        }),
  };
}

/** One entry of `Mounts`; tmpfs mounts have neither name nor driver. */
export function mountPointBody(mount: MountPoint): MountPointBody {
  return {
    Type: mount.type,
    ...(mount.name === undefined ? {} : { Name: mount.name }),
    Source: mount.source,
    Destination: mount.destination,
    ...(mount.driver === undefined ? {} : { Driver: mount.driver }),
    Mode: mount.mode,
    RW: mount.isWritable,
    Propagation: mount.propagation,
  };
}
