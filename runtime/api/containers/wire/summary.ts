/** One row of `GET /containers/json`. */

import type { ContainerSummary } from '../../../../core/engine-api/containers.ts';
import type { ContainerDetail, SizeUsage } from '../../../engine/containers/requests.ts';
import { commandOf, mountPointBody } from './inspect-body.ts';
import type { NetworkIdOf } from './network-ids.ts';
import { endpointBodies, portSummaries } from './network-settings.ts';
import { statusText } from './status-text.ts';

export interface SummaryContext {
  readonly networkIdOf: NetworkIdOf;
  readonly now: Date;
  readonly isNamed: (detail: ContainerDetail) => boolean;
}

/**
 * `now` is what the status text counts from; `isNamed` says whether the name the container was made with still means its image.
 * Docker shows the ID where it does not (daemon/list.go).
 */
export function containerSummary(
  detail: ContainerDetail,
  { networkIdOf, now, isNamed }: SummaryContext,
  size?: SizeUsage,
): ContainerSummary {
  return {
    Id: detail.id,
    Names: [`/${detail.name}`],
    Image: isNamed(detail) ? detail.config.image : detail.imageId,
    ImageID: detail.imageId,
    Command: commandOf(detail).map(quoted).join(' '),
    Created: Math.floor(detail.createdAt.getTime() / 1000),
    Ports: portSummaries(detail),
    ...(size === undefined ? {} : { SizeRw: size.writableBytes, SizeRootFs: size.rootBytes }),
    Labels: detail.config.labels ?? {},
    State: detail.state.status,
    Status: statusText(detail.state, now),
    HostConfig: { NetworkMode: detail.host.networkMode ?? 'default' },
    NetworkSettings: { Networks: endpointBodies(detail, networkIdOf) },
    Mounts: detail.mounts.map(mountPointBody),
  };
}

/** Docker: arguments with blanks are shown in single quotes (daemon/list.go). */
function quoted(argument: string): string {
  return argument.includes(' ') ? `'${argument}'` : argument;
}
