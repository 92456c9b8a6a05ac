/** Networks. */

import { type Decoder, boolean, listOf, mapOf, object, string } from '../../../core/engine-api/decode.ts';
import type { EngineConnection } from './connection.ts';

export interface NetworkSummary {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly isInternal: boolean;
  readonly subnets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** Names by container id; only `inspectNetwork` fills it. */
  readonly containers: Readonly<Record<string, string>>;
}

interface NetworkWire {
  readonly Id: string;
  readonly Name: string;
  readonly Driver: string;
  readonly Internal: boolean;
  readonly IPAM: { readonly Config: readonly { readonly Subnet: string }[] };
  readonly Labels: Readonly<Record<string, string>>;
  readonly Containers: Readonly<Record<string, { readonly Name: string }>>;
}

const decodeNetworkWire: Decoder<NetworkWire> = object<NetworkWire>({
  Id: string,
  Name: string,
  Driver: string,
  Internal: boolean,
  IPAM: object({ Config: listOf(object({ Subnet: string })) }),
  Labels: mapOf(string),
  Containers: mapOf(object({ Name: string })),
});

function decodeNetwork(value: unknown, at: string): NetworkSummary {
  const wire = decodeNetworkWire(value, at);
  return {
    id: wire.Id,
    name: wire.Name,
    driver: wire.Driver,
    isInternal: wire.Internal,
    subnets: wire.IPAM.Config.map(({ Subnet }) => Subnet),
    labels: wire.Labels,
    containers: Object.fromEntries(Object.entries(wire.Containers).map(([id, { Name }]) => [id, Name])),
  };
}

export function listNetworks(
  engine: EngineConnection,
  filters: Readonly<Record<string, readonly string[]>> = {},
): Promise<readonly NetworkSummary[]> {
  return engine.json({ method: 'GET', path: '/networks', query: { filters } }, listOf(decodeNetwork));
}

/** @throws NaruError "not-found" */
export function inspectNetwork(engine: EngineConnection, name: string): Promise<NetworkSummary> {
  return engine.json({ method: 'GET', path: networkPath(name) }, decodeNetwork);
}

export interface NetworkSpec {
  readonly name: string;
  readonly driver?: string;
  readonly isInternal?: boolean;
  readonly subnet?: string;
  readonly gateway?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Answers the id. @throws NaruError "conflict" when the name is in use */
export async function createNetwork(engine: EngineConnection, spec: NetworkSpec): Promise<string> {
  const ipam = spec.subnet === undefined ? [] : [{ Subnet: spec.subnet, Gateway: spec.gateway ?? '' }];
  const body = {
    Name: spec.name,
    Driver: spec.driver ?? 'bridge',
    Internal: spec.isInternal ?? false,
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

export async function connectNetwork(
  engine: EngineConnection,
  name: string,
  container: string,
  aliases: readonly string[] = [],
): Promise<void> {
  const body = { Container: container, EndpointConfig: { Aliases: aliases } };
  await engine.done({ method: 'POST', path: `${networkPath(name)}/connect`, body });
}

export async function disconnectNetwork(
  engine: EngineConnection,
  name: string,
  container: string,
): Promise<void> {
  const body = { Container: container, Force: false };
  await engine.done({ method: 'POST', path: `${networkPath(name)}/disconnect`, body });
}

/** Removes networks that nothing uses; answers their names. */
export async function pruneNetworks(engine: EngineConnection): Promise<readonly string[]> {
  const decode = object({ NetworksDeleted: listOf(string) });
  return (await engine.json({ method: 'POST', path: '/networks/prune' }, decode)).NetworksDeleted;
}

function networkPath(name: string): string {
  return `/networks/${encodeURIComponent(name)}`;
}
