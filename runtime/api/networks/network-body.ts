/** Networks as the engine knows them -> Docker's. */

import type { NetworkBody, NetworkContainerBody } from '../../../core/engine-api/networks.ts';
import type { NetworkDetail, NetworkMember } from '../../engine/networks/networks.ts';
import type { BridgeSettings } from '../../net/network.ts';

/** As inspect shows it, with the running containers on it; a listing leaves them out, as dockerd does. */
export function networkBody(network: NetworkDetail, members = network.members): NetworkBody {
  return {
    Name: network.name,
    Id: network.id,
    Created: network.createdAt.toISOString(),
    Scope: 'local',
    Driver: network.driver,
    EnableIPv4: true,
    EnableIPv6: false,
    IPAM: {
      Driver: 'default',
      Options: null,
      Config: network.bridge === undefined ? null : [ipamConfig(network.bridge)],
    },
    Internal: network.isInternal,
    Attachable: network.isAttachable,
    Ingress: false,
    ConfigFrom: { Network: '' },
    ConfigOnly: false,
    Containers: Object.fromEntries(members.map((member) => [member.containerId, containerBody(member)])),
    Options: network.options,
    Labels: network.labels,
  };
}

function ipamConfig(bridge: BridgeSettings): Readonly<Record<string, unknown>> {
  const hasAddresses = Object.keys(bridge.auxAddresses).length > 0;
  return {
    Subnet: bridge.subnet,
    ...(bridge.ipRange === undefined ? {} : { IPRange: bridge.ipRange }),
    Gateway: bridge.gateway,
    ...(hasAddresses ? { AuxiliaryAddresses: bridge.auxAddresses } : {}),
  };
}

function containerBody({ containerName, endpoint }: NetworkMember): NetworkContainerBody {
  return {
    Name: containerName,
    EndpointID: endpoint.endpointId,
    MacAddress: endpoint.macAddress,
    IPv4Address: `${endpoint.ipv4Address}/${endpoint.prefixLength}`,
    IPv6Address: '',
  };
}
