/** Published ports in one cell of a table, neighbours as a range: docker's `0.0.0.0:8000-8002->8000-8002/tcp, 90/tcp`. */

import type { PublishedPort } from '../driver/engine/container-model.ts';

/** Ports that are mapped to another number come last, one by one, as docker's CLI has them. */
export function formatPorts(ports: readonly PublishedPort[]): string {
  const mapped: string[] = [];
  const groups: {
    readonly hostIp: string;
    readonly protocol: string;
    readonly first: number;
    last: number;
  }[] = [];
  for (const port of ports.toSorted(comparePorts)) {
    const { hostIp, hostPort, containerPort, protocol } = port;
    if (hostPort !== 0 && hostPort !== containerPort) {
      mapped.push(`${formatAddress(port)}->${containerPort}/${protocol}`);
      continue;
    }
    const group = groups.findLast((one) => one.hostIp === hostIp && one.protocol === protocol);
    if (group?.last === containerPort) continue;
    if (group?.last === containerPort - 1) group.last = containerPort;
    else groups.push({ hostIp, protocol, first: containerPort, last: containerPort });
  }
  const ranges = groups.map(({ hostIp, protocol, first, last }) => {
    const range = first === last ? String(first) : `${first}-${last}`;
    return hostIp === '' ? `${range}/${protocol}` : `${bracketed(hostIp)}:${range}->${range}/${protocol}`;
  });
  return [...ranges, ...mapped].join(', ');
}

/** `0.0.0.0:8080` or `[::]:8080`. */
export function formatAddress({ hostIp, hostPort }: PublishedPort): string {
  return `${bracketed(hostIp)}:${hostPort}`;
}

function bracketed(ip: string): string {
  return ip.includes(':') ? `[${ip}]` : ip;
}

/** By container port, address, host port and protocol, IPv4 before IPv6. */
export function comparePorts(one: PublishedPort, other: PublishedPort): number {
  return (
    one.containerPort - other.containerPort ||
    compareTexts(one.hostIp, other.hostIp) ||
    one.hostPort - other.hostPort ||
    compareTexts(one.protocol, other.protocol)
  );
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
