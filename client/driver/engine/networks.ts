/** Networks. */

import { type Decoder, boolean, listOf, mapOf, object, string } from '../../../core/engine-api/decode.ts';
import type { EngineConnection } from './connection.ts';

export interface NetworkSummary {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  /** `local`, or `swarm` in a cluster. */
  readonly scope: string;
  readonly createdAt: Date;
  readonly isInternal: boolean;
  /** Engines before API 1.47 do not say. */
  readonly hasIpv4: boolean;
  readonly hasIpv6: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

interface NetworkWire {
  readonly Id: string;
  readonly Name: string;
  readonly Driver: string;
  readonly Scope: string;
  readonly Created: string;
  readonly Internal: boolean;
  readonly EnableIPv4: boolean;
  readonly EnableIPv6: boolean;
  readonly Labels: Readonly<Record<string, string>>;
}

const decodeNetworkWire: Decoder<NetworkWire> = object<NetworkWire>({
  Id: string,
  Name: string,
  Driver: string,
  Scope: string,
  Created: string,
  Internal: boolean,
  EnableIPv4: boolean,
  EnableIPv6: boolean,
  Labels: mapOf(string),
});

function decodeNetwork(value: unknown, at: string): NetworkSummary {
  const wire = decodeNetworkWire(value, at);
  return {
    id: wire.Id,
    name: wire.Name,
    driver: wire.Driver,
    scope: wire.Scope,
    createdAt: new Date(wire.Created),
    isInternal: wire.Internal,
    hasIpv4: wire.EnableIPv4,
    hasIpv6: wire.EnableIPv6,
    labels: wire.Labels,
  };
}

export function listNetworks(
  engine: EngineConnection,
  filters: Readonly<Record<string, readonly string[]>> = {},
): Promise<readonly NetworkSummary[]> {
  return engine.json({ method: 'GET', path: '/networks', query: { filters } }, listOf(decodeNetwork));
}

/** The engine's answer as it is, for people and for `--format`. @throws NaruError "not-found" */
export function inspectNetwork(
  engine: EngineConnection,
  name: string,
): Promise<Readonly<Record<string, unknown>>> {
  return engine.json(
    { method: 'GET', path: networkPath(name) },
    mapOf((value) => value),
  );
}

export interface NetworkSpec {
  readonly name: string;
  readonly driver?: string;
  readonly isInternal?: boolean;
  readonly isAttachable?: boolean;
  readonly hasIpv6?: boolean;
  readonly driverOptions?: Readonly<Record<string, string>>;
  readonly subnet?: string;
  readonly gateway?: string;
  /** Part of `subnet`. */
  readonly ipRange?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Answers the id. @throws NaruError "conflict" when the name is in use */
export async function createNetwork(engine: EngineConnection, spec: NetworkSpec): Promise<string> {
  const { subnet, gateway = '', ipRange = '' } = spec;
  const ipam = subnet === undefined ? [] : [{ Subnet: subnet, Gateway: gateway, IPRange: ipRange }];
  const body = {
    Name: spec.name,
    Driver: spec.driver ?? 'bridge',
    Internal: spec.isInternal ?? false,
    Attachable: spec.isAttachable ?? false,
    EnableIPv6: spec.hasIpv6 ?? false,
    Options: spec.driverOptions ?? {},
    CheckDuplicate: true,
    IPAM: { Driver: 'default', Config: ipam },
    Labels: spec.labels ?? {},
  };
  return (await engine.json({ method: 'POST', path: '/networks/create', body }, decodeCreated)).Id;
}

const decodeCreated: Decoder<{ readonly Id: string }> = object({ Id: string });

export async function removeNetwork(engine: EngineConnection, name: string): Promise<void> {
  await engine.done({ method: 'DELETE', path: networkPath(name) });
}

export interface EndpointSpec {
  /** More names of the container on this network. */
  readonly aliases?: readonly string[];
  readonly ipv4?: string;
  readonly ipv6?: string;
}

export async function connectNetwork(
  engine: EngineConnection,
  name: string,
  container: string,
  { aliases = [], ipv4, ipv6 }: EndpointSpec = {},
): Promise<void> {
  const address = {
    ...(ipv4 === undefined ? {} : { IPv4Address: ipv4 }),
    ...(ipv6 === undefined ? {} : { IPv6Address: ipv6 }),
  };
  const ipam = Object.keys(address).length === 0 ? {} : { IPAMConfig: address };
  const body = { Container: container, EndpointConfig: { Aliases: aliases, ...ipam } };
  await engine.done({ method: 'POST', path: `${networkPath(name)}/connect`, body });
}

export async function disconnectNetwork(
  engine: EngineConnection,
  name: string,
  container: string,
  isForced = false,
): Promise<void> {
  const body = { Container: container, Force: isForced };
  await engine.done({ method: 'POST', path: `${networkPath(name)}/disconnect`, body });
}

/** Removes networks that nothing uses; answers their names. */
export async function pruneNetworks(
  engine: EngineConnection,
  filters: Readonly<Record<string, readonly string[]>> = {},
): Promise<readonly string[]> {
  const decode = object({ NetworksDeleted: listOf(string) });
  return (await engine.json({ method: 'POST', path: '/networks/prune', query: { filters } }, decode))
    .NetworksDeleted;
}

function networkPath(name: string): string {
  return `/networks/${encodeURIComponent(name)}`;
}
