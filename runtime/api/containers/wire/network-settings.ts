/** `NetworkSettings` of inspect and the ports and networks of a listing, from a container's networks and its attachment. */

import type { EndpointBody, PortSummary } from '../../../../core/engine-api/containers.ts';
import type { ContainerRecord } from '../../../engine/containers/container.ts';
import { listedPorts } from '../../../engine/containers/observe/ports.ts';
import type { EndpointRequest, NetworkEndpoint, PortBinding } from '../../../net/networking.ts';
import type { NetworkIdOf } from './network-ids.ts';

/** As dockerd shows it; addresses are empty while the container does not run. */
export function networkSettings(
  record: ContainerRecord,
  networkIdOf: NetworkIdOf,
): Readonly<Record<string, unknown>> {
  const networks = endpointBodies(record, networkIdOf);
  const main = Object.values(networks).at(0);
  const attachment = record.attachment;
  return {
    Bridge: '',
    SandboxID: attachment === undefined ? '' : record.id,
    SandboxKey: attachment?.netnsPath ?? '',
    Ports: attachment === undefined ? {} : publishedPorts(record, attachment.ports),
    HairpinMode: false,
    LinkLocalIPv6Address: '',
    LinkLocalIPv6PrefixLen: 0,
    SecondaryIPAddresses: null,
    SecondaryIPv6Addresses: null,
    EndpointID: main?.EndpointID ?? '',
    Gateway: main?.Gateway ?? '',
    GlobalIPv6Address: '',
    GlobalIPv6PrefixLen: 0,
    IPAddress: main?.IPAddress ?? '',
    IPPrefixLen: main?.IPPrefixLen ?? 0,
    IPv6Gateway: '',
    MacAddress: main?.MacAddress ?? '',
    Networks: networks,
  };
}

/** By network name. */
export function endpointBodies(
  record: ContainerRecord,
  networkIdOf: NetworkIdOf,
): Readonly<Record<string, EndpointBody>> {
  const attached = new Map(record.attachment?.endpoints.map((endpoint) => [endpoint.networkName, endpoint]));
  const names = new Set([...record.networks.map(({ network }) => network), ...attached.keys()]);
  const mode = record.host.networkMode ?? 'default';
  if (names.size === 0 && (mode === 'host' || mode === 'none')) names.add(mode);
  return Object.fromEntries(
    [...names].map((name) => {
      const request = record.networks.find(({ network }) => network === name);
      return [name, endpointBody(record, request, attached.get(name), networkIdOf(name))];
    }),
  );
}

function endpointBody(
  record: ContainerRecord,
  request: EndpointRequest | undefined,
  endpoint: NetworkEndpoint | undefined,
  networkId: string,
): EndpointBody {
  const aliases = request?.aliases ?? [];
  const isDefault = request === undefined || request.network === 'bridge';
  // Docker: named when it starts for the first time, and then for good (28.5.2, measured).
  const isNamed = !isDefault && record.state.startedAt !== undefined;
  const names = [record.name, ...aliases, record.id.slice(0, 12), record.config.hostname ?? ''];
  return {
    IPAMConfig: request?.ipv4Address === undefined ? null : { IPv4Address: request.ipv4Address },
    Links: request?.links ?? null,
    Aliases: aliases.length === 0 ? null : aliases,
    MacAddress: endpoint?.macAddress ?? '',
    DriverOpts: null,
    NetworkID: endpoint?.networkId ?? networkId,
    EndpointID: endpoint?.endpointId ?? '',
    Gateway: endpoint?.gateway ?? '',
    IPAddress: endpoint?.ipv4Address ?? '',
    IPPrefixLen: endpoint?.prefixLength ?? 0,
    IPv6Gateway: '',
    GlobalIPv6Address: '',
    GlobalIPv6PrefixLen: 0,
    DNSNames: isNamed ? [...new Set(names)].filter((name) => name !== '') : null,
  };
}

/** Published ports with their bindings, and exposed ones that are not published with null. */
function publishedPorts(
  record: ContainerRecord,
  ports: readonly PortBinding[],
): Readonly<Record<string, readonly object[] | null>> {
  const shown: Record<string, object[] | null> = {};
  for (const port of record.config.exposedPorts ?? []) shown[port] = null;
  for (const { containerPort, protocol, hostIp, hostPort } of ports) {
    const key = `${containerPort}/${protocol}`;
    const list = shown[key] ?? [];
    list.push({ HostIp: hostIp === '' ? '0.0.0.0' : hostIp, HostPort: String(hostPort) });
    shown[key] = list;
  }
  return shown;
}

/** Rows of `docker ps`' PORTS column: published ones with their address, exposed ones alone. */
export function portSummaries(record: ContainerRecord): readonly PortSummary[] {
  return listedPorts(record).map(({ containerPort, protocol, published }) => ({
    ...(published && { IP: published.hostIp === '' ? '0.0.0.0' : published.hostIp }),
    PrivatePort: containerPort,
    ...(published && { PublicPort: published.hostPort }),
    Type: protocol,
  }));
}
