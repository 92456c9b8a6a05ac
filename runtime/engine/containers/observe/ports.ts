/** Ports of a container as a listing shows them, and the filters `publish` and `expose` that look at those. */

import type { PortBinding } from '../../../net/networking.ts';
import type { ContainerRecord } from '../container.ts';
import type { Filters } from '../requests.ts';

/** A published port with its place on the host, or one that is only exposed. */
export interface ListedPort {
  readonly containerPort: number;
  readonly protocol: string;
  readonly published?: Pick<PortBinding, 'hostIp' | 'hostPort'>;
}

/** Exposed ones first; none while the container does not run. */
export function listedPorts({ attachment, config }: ContainerRecord): readonly ListedPort[] {
  if (attachment === undefined) return [];
  const published = new Set(attachment.ports.map(nameOf));
  const exposed = (config.exposedPorts ?? []).map((text) => {
    const [port, protocol = 'tcp'] = text.split('/');
    return { containerPort: Number(port), protocol };
  });
  return [
    ...exposed.filter((port) => !published.has(nameOf(port))),
    ...attachment.ports.map(({ containerPort, protocol, hostIp, hostPort }) => ({
      containerPort,
      protocol,
      published: { hostIp, hostPort },
    })),
  ];
}

/** `publish` means the host's port, `expose` the container's, and either is enough (dockerd 28.5.2, measured). */
export function fitsPortFilters(record: ContainerRecord, filters: Filters): boolean {
  const publish = filters.get('publish') ?? [];
  const expose = filters.get('expose') ?? [];
  if (publish.length + expose.length === 0) return true;
  return listedPorts(record).some(
    ({ containerPort, protocol, published }) =>
      expose.some((range) => isIn(range, containerPort, protocol)) ||
      (published !== undefined && publish.some((range) => isIn(range, published.hostPort, protocol))),
  );
}

function nameOf({ containerPort, protocol }: { containerPort: number; protocol: string }): string {
  return `${containerPort}/${protocol}`;
}

/** `80`, `80/tcp`, `8000-8080/tcp`. */
function isIn(range: string, port: number, protocol: string): boolean {
  const match = /^(\d+)(?:-(\d+))?(?:\/(\w+))?$/.exec(range);
  if (match === null) return false;
  const first = Number(match[1]);
  return port >= first && port <= Number(match[2] ?? first) && (match[3] ?? 'tcp') === protocol;
}
