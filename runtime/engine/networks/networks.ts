/**
 * Networks as a noun of the engine: Docker's operations, checks, words and events around `runtime/net`.
 * Containers attach through it as well, so every change of a network is announced in one place.
 */

import { NaruError } from '../../../core/errors.ts';
import type { NetworkRequest } from '../../net/define-network.ts';
import type { LinuxNetworking } from '../../net/linux-networking.ts';
import { isDefaultBridge, type Network } from '../../net/network.ts';
import type {
  Attachment,
  AttachRequest,
  EndpointRequest,
  Networking,
  NetworkEndpoint,
} from '../../net/networking.ts';
import type { Events } from '../events/events.ts';
import { matchesNetwork, type NetworkFilters } from './filters.ts';

export interface NetworkMember {
  readonly containerId: string;
  readonly containerName: string;
  readonly endpoint: NetworkEndpoint;
}

/** A network with the running containers on it, in the order they came. */
export interface NetworkDetail extends Network {
  readonly members: readonly NetworkMember[];
}

export interface NetworksDependencies {
  readonly networking: LinuxNetworking;
  readonly events: Events;
}

const PREDEFINED: ReadonlySet<string> = new Set(['bridge', 'host', 'none', 'default']);

/** `nameOrId` is a name, a full id, or a unique prefix of an id everywhere; not-found says `network x not found`. */
export class Networks implements Networking {
  private readonly networking: LinuxNetworking;
  private readonly events: Events;

  constructor(parts: NetworksDependencies) {
    this.networking = parts.networking;
    this.events = parts.events;
  }

  /** @throws NaruError kind "conflict" when the name is taken, "forbidden" for a predefined name or an overlapping subnet, "invalid-argument", "unimplemented" (IPv6), "unavailable" (host without tools) */
  async create(request: NetworkRequest): Promise<Network> {
    const { name } = request;
    if (name === '') throw new NaruError('invalid-argument', 'E_NETWORK_NAME', 'invalid name: name is empty');
    if (PREDEFINED.has(name)) {
      const message = `operation is not permitted on predefined ${name} network`;
      throw new NaruError('forbidden', 'E_PREDEFINED', message);
    }
    if (this.networking.networks().some((network) => network.name === name)) {
      throw new NaruError('conflict', 'E_NETWORK_EXISTS', `network with name ${name} already exists`);
    }
    const network = await this.networking.createNetwork(request);
    this.publish('create', network);
    return network;
  }

  get(nameOrId: string): Network {
    return this.networking.network(nameOrId);
  }

  inspect(nameOrId: string): NetworkDetail {
    return this.detail(this.networking.network(nameOrId));
  }

  /** Newest first, as Docker lists them. Filters: `id`, `name`, `label`, `driver`, `scope`, `type`, `dangling`. */
  list(filters: NetworkFilters = new Map()): readonly NetworkDetail[] {
    const all = this.networking.networks().map((network) => this.detail(network));
    return all.filter((network) => matchesNetwork(network, filters)).toReversed();
  }

  /** @throws NaruError kind "forbidden" for predefined networks and while containers are on it */
  async remove(nameOrId: string): Promise<void> {
    const network = this.inspect(nameOrId);
    if (PREDEFINED.has(network.name)) {
      const message = `${network.name} is a pre-defined network and cannot be removed`;
      throw new NaruError('forbidden', 'E_PREDEFINED', message);
    }
    if (network.members.length > 0) {
      const members = network.members.map(
        ({ containerName, endpoint }) => `name:"${containerName}" id:"${endpoint.endpointId.slice(0, 12)}"`,
      );
      // Docker: compose and the CLI look for "has active endpoints".
      const message = `error while removing network: network ${network.name} has active endpoints (${members.join(', ')})`;
      throw new NaruError('forbidden', 'E_ACTIVE_ENDPOINTS', message);
    }
    await this.networking.removeNetwork(network);
    this.publish('destroy', network);
  }

  /**
   * Removes user-defined networks without running containers. Filters: `label`, `label!`.
   * `isUsed` tells of stopped containers that are to be on a network, which keep it alive; `until` spares what was made later.
   *
   * @returns names, in the order of creation
   */
  async prune(
    filters: NetworkFilters,
    until: Date | undefined,
    isUsed: (network: Network) => boolean,
  ): Promise<readonly string[]> {
    const unused = this.list(filters)
      .toReversed()
      .filter(
        (network) =>
          !PREDEFINED.has(network.name) &&
          network.members.length === 0 &&
          !isUsed(network) &&
          (until === undefined || network.createdAt < until),
      );
    for (const network of unused) await this.remove(network.id);
    return unused.map(({ name }) => name);
  }

  /**
   * What Docker refuses before anything is set up, for create, start and connect.
   *
   * @throws NaruError kind "invalid-argument", "not-found"
   */
  checkEndpoint(request: EndpointRequest): void {
    const network = this.networking.network(request.network);
    const isUserDefined = network.driver === 'bridge' && !isDefaultBridge(network);
    const wrong: string[] = [];
    if (request.ipv4Address !== undefined && !isUserDefined) {
      wrong.push('user-specified IP address is supported on user-defined networks only');
    } else if (request.ipv4Address !== undefined && network.bridge?.isSubnetGiven !== true) {
      wrong.push(
        'user-specified IP address is supported only when connecting to networks with user-configured subnets',
      );
    }
    if (request.aliases.length > 0 && !isUserDefined) {
      wrong.push('network-scoped aliases are only supported for user-defined networks');
    }
    if (wrong.length === 0) return;
    const message = `invalid endpoint settings:\n${wrong.join('\n')}`;
    throw new NaruError('invalid-argument', 'E_ENDPOINT_SETTINGS', message);
  }

  async attach(request: AttachRequest): Promise<Attachment> {
    for (const endpoint of request.endpoints) this.checkEndpoint(endpoint);
    const attachment = await this.networking.attach(request);
    this.publishMembership('connect', request.containerId, attachment.endpoints);
    return attachment;
  }

  async connect(containerId: string, endpoint: EndpointRequest): Promise<Attachment> {
    const network = this.networking.network(endpoint.network);
    if (network.driver !== 'bridge') {
      const message =
        network.driver === 'host'
          ? 'container sharing network namespace with another container or host cannot be connected to any other network'
          : 'container cannot be connected to multiple networks with one of the networks in private (none) mode';
      throw new NaruError('invalid-argument', 'E_CONNECT_MODE', message);
    }
    this.checkEndpoint(endpoint);
    const attachment = await this.networking.connect(containerId, endpoint);
    const added = attachment.endpoints.filter(({ networkId }) => networkId === network.id);
    this.publishMembership('connect', containerId, added);
    return attachment;
  }

  async disconnect(containerId: string, nameOrId: string): Promise<Attachment> {
    const network = this.inspect(nameOrId);
    const attachment = await this.networking.disconnect(containerId, nameOrId);
    const gone = network.members.filter((member) => member.containerId === containerId);
    this.publishMembership(
      'disconnect',
      containerId,
      gone.map(({ endpoint }) => endpoint),
    );
    return attachment;
  }

  rename(containerId: string, containerName: string): void {
    this.networking.rename(containerId, containerName);
  }

  async detach(containerId: string): Promise<void> {
    const endpoints = this.networking
      .networks()
      .flatMap(({ id }) => this.networking.endpointsOf(id))
      .filter(({ container }) => container.containerId === containerId)
      .map(({ endpoint }) => endpoint);
    await this.networking.detach(containerId);
    this.publishMembership('disconnect', containerId, endpoints);
  }

  recover(running: Parameters<Networking['recover']>[0]): Promise<void> {
    return this.networking.recover(running);
  }

  close(): Promise<void> {
    return this.networking.close();
  }

  private detail(network: Network): NetworkDetail {
    const members = this.networking.endpointsOf(network.id).map(({ container, endpoint }) => ({
      containerId: container.containerId,
      containerName: container.containerName,
      endpoint,
    }));
    return { ...network, members };
  }

  private publish(action: 'create' | 'destroy', { id, name, driver }: Network): void {
    this.events.publish('network', action, id, { name, type: driver });
  }

  private publishMembership(
    action: 'connect' | 'disconnect',
    container: string,
    endpoints: readonly NetworkEndpoint[],
  ): void {
    for (const { networkId, networkName } of endpoints) {
      this.events.publish('network', action, networkId, { container, name: networkName, type: 'bridge' });
    }
  }
}
