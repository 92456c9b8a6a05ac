/** From a request to a network's definition: checks, defaults, a free subnet. Words of refusals are dockerd 28's. */

import { randomBytes } from 'node:crypto';

import { NaruError } from '../../core/errors.ts';
import type { EngineNames } from './engine-names.ts';
import {
  type Cidr,
  cidrContains,
  cidrsOverlap,
  formatCidr,
  formatIpv4,
  parseCidr,
  parseIpv4,
} from './ipv4.ts';
import { BRIDGE_OPTION, type BridgeSettings, type Network } from './network.ts';
import { hostSubnets, pickSubnet } from './subnets.ts';

/** One entry of `IPAM.Config`. */
export interface SubnetRequest {
  readonly subnet?: string;
  readonly gateway?: string;
  readonly ipRange?: string;
  readonly auxAddresses?: Readonly<Record<string, string>>;
}

export interface NetworkRequest {
  readonly name: string;
  /** '' is bridge. */
  readonly driver: string;
  readonly isInternal: boolean;
  readonly isAttachable: boolean;
  readonly hasIpv6: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, string>>;
  readonly subnets: readonly SubnetRequest[];
}

/**
 * A bridge network that fits beside `existing` and beside what the host uses now.
 *
 * @throws NaruError kind "invalid-argument" for what cannot be, "forbidden" when the subnet is another network's, "not-found" for another driver, "unimplemented" for IPv6
 */
export function defineNetwork(
  request: NetworkRequest,
  existing: readonly Network[],
  names: EngineNames,
): Network {
  if (request.driver !== '' && request.driver !== 'bridge') {
    throw new NaruError('not-found', 'E_NETWORK_DRIVER', `plugin "${request.driver}" not found`);
  }
  const ipv4 = request.subnets.filter((subnet) => !(subnet.subnet ?? '').includes(':'));
  if (request.hasIpv6 || ipv4.length < request.subnets.length) {
    throw new NaruError(
      'unimplemented',
      'E_NETWORK_IPV6',
      'IPv6 networks are not implemented by this engine',
    );
  }
  if (ipv4.length > 1) {
    // Docker: one IPv4 pool per bridge.
    throw invalid('bridge driver only supports one IPv4 subnet per network');
  }
  const id = randomBytes(32).toString('hex');
  const interfaceName = request.options[BRIDGE_OPTION.name] ?? names.bridge(id);
  if (!/^[^\s/:]{1,15}$/.test(interfaceName)) throw invalid(`invalid bridge name: ${interfaceName}`);
  return {
    id,
    name: request.name,
    driver: 'bridge',
    createdAt: new Date(),
    labels: request.labels,
    options: request.options,
    isInternal: request.isInternal,
    isAttachable: request.isAttachable,
    bridge: { interfaceName, ...defineSubnet(ipv4[0] ?? {}, existing) },
  };
}

/** The networks every engine has. Their ids are new. */
export function predefinedNetworks(names: EngineNames): readonly Network[] {
  const base = { createdAt: new Date(), labels: {}, isInternal: false, isAttachable: false };
  const id = randomBytes(32).toString('hex');
  const interfaceName = names.bridge(id);
  const options = {
    [BRIDGE_OPTION.default]: 'true',
    [BRIDGE_OPTION.interContainer]: 'true',
    [BRIDGE_OPTION.masquerade]: 'true',
    [BRIDGE_OPTION.hostBinding]: '0.0.0.0',
    [BRIDGE_OPTION.name]: interfaceName,
    [BRIDGE_OPTION.mtu]: '1500',
  };
  const bridge = { interfaceName, ...defineSubnet({}, []) };
  return [
    { ...base, id, name: 'bridge', driver: 'bridge', options, bridge },
    { ...base, id: randomBytes(32).toString('hex'), name: 'host', driver: 'host', options: {} },
    { ...base, id: randomBytes(32).toString('hex'), name: 'none', driver: 'null', options: {} },
  ];
}

/** Subnets of bridge networks. */
export function subnetsOf(networks: readonly Network[]): readonly Cidr[] {
  return networks.flatMap((network) => parseCidr(network.bridge?.subnet ?? '') ?? []);
}

/** Without a subnet in the request, a free one. */
export function defineSubnet(
  request: SubnetRequest,
  existing: readonly Network[],
): Omit<BridgeSettings, 'interfaceName'> {
  const others = subnetsOf(existing);
  const isSubnetGiven = request.subnet !== undefined && request.subnet !== '';
  const subnet = isSubnetGiven ? parseCidr(request.subnet ?? '') : pickSubnet([...others, ...hostSubnets()]);
  if (subnet === undefined) {
    if (isSubnetGiven) throw invalid(`invalid subnet ${request.subnet}: invalid CIDR block notation`);
    throw new NaruError(
      'invalid-argument',
      'E_NO_SUBNET',
      'all predefined address pools have been fully subnetted',
      {
        hint: 'give a subnet with --subnet',
      },
    );
  }
  if (isSubnetGiven && others.some((other) => cidrsOverlap(other, subnet))) {
    const message = 'invalid pool request: Pool overlaps with other one on this address space';
    throw new NaruError('forbidden', 'E_SUBNET_OVERLAP', message);
  }
  if (subnet.prefixLength > 30)
    throw invalid(`invalid subnet ${formatCidr(subnet)}: it has no room for a container`);
  const range =
    request.ipRange === undefined || request.ipRange === '' ? undefined : parseCidr(request.ipRange);
  if (
    range !== undefined &&
    !(cidrContains(subnet, range.base) && range.prefixLength >= subnet.prefixLength)
  ) {
    throw invalid(`invalid ip-range ${request.ipRange}: parent subnet is ${formatCidr(subnet)}`);
  }
  const gateway = request.gateway ?? formatIpv4((range ?? subnet).base + 1);
  if (!cidrContains(subnet, parseIpv4(gateway) ?? -1)) {
    throw invalid(`invalid gateway ${gateway}: parent subnet is ${formatCidr(subnet)}`);
  }
  return {
    subnet: formatCidr(subnet),
    gateway,
    ...(range === undefined ? {} : { ipRange: formatCidr(range) }),
    auxAddresses: request.auxAddresses ?? {},
    isSubnetGiven,
  };
}

function invalid(message: string): NaruError {
  return new NaruError('invalid-argument', 'E_NETWORK_CONFIG', `invalid network config: ${message}`);
}
