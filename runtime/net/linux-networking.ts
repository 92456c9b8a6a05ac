/**
 * Networking on Linux: namespaces by path, bridges, one nft table per engine, resolvers inside the containers' namespaces.
 * Everything that published ports need lives in the kernel, so they outlast the engine process; `recover` takes them over again.
 */

import { randomBytes } from 'node:crypto';

import { NaruError } from '../../core/errors.ts';
import { type Cable, ContainerLinks } from './container-links.ts';
import { ContainerResolver, RESOLVER_PORT } from './container-resolver.ts';
import {
  defineNetwork,
  defineSubnet,
  type NetworkRequest,
  predefinedNetworks,
  subnetsOf,
} from './define-network.ts';
import { EngineNames } from './engine-names.ts';
import { type HeldPort, HostPorts, kernelPorts, portBinding } from './host-ports.ts';
import { HostResolvers } from './host-resolvers.ts';
import { cidrsOverlap, ipv4Bytes, parseCidr, parseIpv4 } from './ipv4.ts';
import { bridgeOf, KernelNetworks, type KernelState } from './kernel-networks.ts';
import { BRIDGE_OPTION, isDefaultBridge, type Network, type NetworkRecords } from './network.ts';
import type {
  Attachment,
  AttachRequest,
  EndpointRequest,
  Networking,
  NetworkEndpoint,
} from './networking.ts';
import { NetworkRegistry } from './network-registry.ts';
import { givenServers, resolverView } from './resolver-view.ts';
import { hostSubnets } from './subnets.ts';

export interface LinuxNetworkingOptions {
  /** At least 8 hex characters, stable for an engine root. */
  readonly engineId: string;
  readonly records: NetworkRecords;
  /** One line, for what goes on all the same. */
  readonly log: (line: string) => void;
}

/** A container as networking knows it. */
export interface AttachedContainer {
  request: AttachRequest;
  endpoints: readonly NetworkEndpoint[];
  ports: readonly HeldPort[];
  resolver: ContainerResolver | undefined;
}

export class LinuxNetworking implements Networking {
  private readonly options: LinuxNetworkingOptions;
  private readonly names: EngineNames;
  private readonly kernel: KernelNetworks;
  private readonly links: ContainerLinks;
  private readonly hostPorts = new HostPorts();
  private readonly hostResolvers = new HostResolvers();
  private readonly registry: NetworkRegistry;
  private readonly containers = new Map<string, AttachedContainer>();

  /** Reads the networks and adds the predefined ones; touches nothing in the kernel yet. */
  constructor(options: LinuxNetworkingOptions) {
    this.options = options;
    this.names = new EngineNames(options.engineId);
    this.registry = new NetworkRegistry(options.records);
    this.links = new ContainerLinks(this.names);
    const state = (): KernelState => ({
      networks: this.networks(),
      ports: kernelPorts(this.hostPorts.all()),
    });
    this.kernel = new KernelNetworks(this.names, state, options.log);
    for (const network of predefinedNetworks(this.names)) {
      if (this.networks().every((other) => other.name !== network.name)) this.registry.save(network);
    }
  }

  /** In the order they were made. */
  networks(): readonly Network[] {
    return this.registry.all();
  }

  /** Containers that are on a network now. */
  endpointsOf(networkId: string): readonly { container: AttachRequest; endpoint: NetworkEndpoint }[] {
    return [...this.containers.values()].flatMap(({ request, endpoints }) =>
      endpoints
        .filter((endpoint) => endpoint.networkId === networkId)
        .map((endpoint) => ({ container: request, endpoint })),
    );
  }

  /** Defines a bridge network and brings it up. @throws NaruError as `defineNetwork`, "unavailable" without the tools */
  async createNetwork(request: NetworkRequest): Promise<Network> {
    const network = await this.kernel.withHostLock(async () => {
      const made = defineNetwork(request, this.networks(), this.names);
      this.registry.keep(made);
      try {
        await this.kernel.ensure([made]);
      } catch (error) {
        this.registry.forget(made);
        throw error;
      }
      return made;
    });
    this.registry.save(network);
    return network;
  }

  /** The caller has made sure that no container is on it. */
  async removeNetwork(network: Network): Promise<void> {
    this.registry.forget(network);
    await this.kernel.remove(network);
  }

  async attach(request: AttachRequest): Promise<Attachment> {
    await this.detach(request.containerId);
    const container: AttachedContainer = { request, endpoints: [], ports: [], resolver: undefined };
    this.containers.set(request.containerId, container);
    try {
      await this.setUp(container);
    } catch (error) {
      await this.detach(request.containerId);
      throw error;
    }
    return this.attachmentOf(container);
  }

  async connect(containerId: string, endpointRequest: EndpointRequest): Promise<Attachment> {
    const container = this.attached(containerId);
    const network = this.network(endpointRequest.network);
    if (container.endpoints.some((endpoint) => endpoint.networkId === network.id)) {
      const message = `endpoint with name ${container.request.containerName} already exists in network ${network.name}`;
      throw new NaruError('forbidden', 'E_ENDPOINT_EXISTS', message);
    }
    await this.ensure([network]);
    const current = this.registry.find(network.id);
    const before = this.gatewayOf(container)?.gateway;
    const endpoint = this.allocate(container, current, endpointRequest);
    try {
      await this.links.plug(containerId, { network: current, endpoint });
      await this.openResolver(container);
    } catch (error) {
      await this.dropEndpoint(container, endpoint);
      throw error;
    }
    const gateway = this.gatewayOf(container)?.gateway;
    if (gateway !== before) await this.links.setGateway(containerId, gateway);
    if (before === undefined) {
      await this.holdPorts(container);
      await this.kernel.publish(kernelPorts(container.ports));
    }
    return this.attachmentOf(container);
  }

  async disconnect(containerId: string, networkName: string): Promise<Attachment> {
    const container = this.attached(containerId);
    const network = this.network(networkName);
    const endpoint = container.endpoints.find((other) => other.networkId === network.id);
    if (endpoint === undefined) {
      const message = `container ${containerId} is not connected to network ${network.name}`;
      throw new NaruError('forbidden', 'E_NOT_CONNECTED', message);
    }
    const before = this.gatewayOf(container);
    await this.dropEndpoint(container, endpoint);
    const after = this.gatewayOf(container);
    if (before?.endpointId !== after?.endpointId) {
      await this.links.setGateway(containerId, after?.gateway);
      await this.movePorts(container, after);
    }
    return this.attachmentOf(container);
  }

  rename(containerId: string, containerName: string): void {
    const container = this.containers.get(containerId);
    if (container !== undefined) container.request = { ...container.request, containerName };
  }

  async detach(containerId: string): Promise<void> {
    const container = this.containers.get(containerId);
    if (container === undefined) return;
    this.containers.delete(containerId);
    container.resolver?.close();
    const ports = kernelPorts(this.hostPorts.release(containerId));
    const endpointIds = container.endpoints.map((endpoint) => endpoint.endpointId);
    await Promise.all([
      this.kernel.unpublish(ports),
      container.request.mode === 'host' ? undefined : this.links.remove(containerId, endpointIds),
    ]);
    for (const endpoint of container.endpoints)
      this.registry.release(endpoint.networkId, endpoint.ipv4Address);
  }

  async recover(running: readonly (AttachRequest & { readonly attachment: Attachment })[]): Promise<void> {
    const orphans = this.links.orphans(running.map(({ containerId }) => containerId));
    for (const netns of orphans) await this.links.removeNamespace(netns, []);
    for (const { attachment, ...request } of running) await this.takeOver(request, attachment);
    const used = this.networks().filter((network) => this.endpointsOf(network.id).length > 0);
    await this.ensure(used);
    // The table may still name ports of containers that ended while no engine was there.
    if (used.length > 0 || this.kernel.linksOfEngine().length > 0) await this.kernel.refresh();
    for (const container of this.containers.values()) await this.openResolver(container);
  }

  async close(): Promise<void> {
    for (const { request, resolver } of this.containers.values()) {
      resolver?.close();
      this.hostPorts.release(request.containerId);
    }
    if (this.containers.size === 0) await this.kernel.removeAll();
  }

  /** @throws NaruError as `NetworkRegistry.find` */
  network(nameOrId: string): Network {
    return this.registry.find(nameOrId);
  }

  private async setUp(container: AttachedContainer): Promise<void> {
    const { request } = container;
    const { containerId, mode } = request;
    if (mode === 'host') return;
    if (mode === 'none') return this.links.create(containerId, [], undefined);
    const cables: Cable[] = [];
    await this.ensure(request.endpoints.map((endpoint) => this.network(endpoint.network)));
    for (const wanted of request.endpoints) {
      const network = this.network(wanted.network);
      cables.push({ network, endpoint: this.allocate(container, network, wanted) });
    }
    await this.holdPorts(container);
    const ports = kernelPorts(container.ports);
    const gateway = this.gatewayOf(container)?.gateway;
    await Promise.all([
      this.links.create(containerId, cables, gateway).then(() => this.openResolver(container)),
      this.kernel.publish(ports),
    ]);
  }

  private async holdPorts(container: AttachedContainer): Promise<void> {
    const { containerId, containerName, ports } = container.request;
    const endpoint = this.gatewayOf(container);
    if (ports.length === 0 || endpoint === undefined) return;
    const defaultIp = this.registry.get(endpoint.networkId)?.options[BRIDGE_OPTION.hostBinding] ?? '';
    const bindings = ports.map((port) =>
      port.hostIp === '' && defaultIp !== '0.0.0.0' ? { ...port, hostIp: defaultIp } : port,
    );
    try {
      container.ports = await this.hostPorts.hold(containerId, bindings, endpoint.ipv4Address);
    } catch (error) {
      if (!(error instanceof NaruError)) throw error;
      const where = `endpoint ${containerName} (${endpoint.endpointId})`;
      const message = `driver failed programming external connectivity on ${where}: ${error.message}`;
      throw new NaruError(error.kind, error.code, message, { cause: error });
    }
  }

  /** Published ports follow the endpoint that leads out. */
  private async movePorts(container: AttachedContainer, to: NetworkEndpoint | undefined): Promise<void> {
    const { containerId } = container.request;
    const held = this.hostPorts.release(containerId);
    await this.kernel.unpublish(kernelPorts(held));
    container.ports = [];
    if (to === undefined || held.length === 0) return;
    container.ports = await this.hostPorts.hold(containerId, held, to.ipv4Address);
    await this.kernel.publish(kernelPorts(container.ports));
  }

  private allocate(container: AttachedContainer, network: Network, wanted: EndpointRequest): NetworkEndpoint {
    const { subnet, gateway } = bridgeOf(network);
    const pool = this.registry.pool(network);
    const ipv4Address = wanted.ipv4Address === undefined ? pool.allocate() : pool.claim(wanted.ipv4Address);
    const used = new Set(container.endpoints.map((endpoint) => endpoint.interfaceName));
    const index = [...used.keys(), ''].findIndex((_, at) => !used.has(`eth${at}`));
    const endpoint: NetworkEndpoint = {
      networkId: network.id,
      networkName: network.name,
      endpointId: randomBytes(32).toString('hex'),
      ipv4Address,
      prefixLength: parseCidr(subnet)?.prefixLength ?? 16,
      gateway,
      macAddress: wanted.macAddress ?? macAddress(ipv4Address),
      aliases: wanted.aliases,
      interfaceName: `eth${index}`,
    };
    container.endpoints = [...container.endpoints, endpoint];
    return endpoint;
  }

  private async dropEndpoint(container: AttachedContainer, endpoint: NetworkEndpoint): Promise<void> {
    container.endpoints = container.endpoints.filter((other) => other !== endpoint);
    await this.links.unplug(endpoint.endpointId);
    this.registry.release(endpoint.networkId, endpoint.ipv4Address);
  }

  private async takeOver(request: AttachRequest, attachment: Attachment): Promise<void> {
    const { endpoints } = attachment;
    const container: AttachedContainer = { request, endpoints, ports: [], resolver: undefined };
    this.containers.set(request.containerId, container);
    for (const endpoint of endpoints) this.reclaim(endpoint);
    const address = this.gatewayOf(container)?.ipv4Address;
    if (address === undefined) return;
    const ports = attachment.ports.map((port) => ({
      ...port,
      target: { address, port: port.containerPort },
    }));
    container.ports = ports;
    for (const port of await this.hostPorts.rearm(request.containerId, ports)) {
      this.options.log(
        `${port.hostIp}:${port.hostPort}/${port.protocol} is another program's now; IPv4 still works`,
      );
    }
  }

  private reclaim(endpoint: NetworkEndpoint): void {
    try {
      this.registry.pool(this.registry.find(endpoint.networkId)).claim(endpoint.ipv4Address);
    } catch (error) {
      this.options.log(`${endpoint.ipv4Address} on ${endpoint.networkName}: ${String(error)}`);
    }
  }

  /** Opens the resolver at 127.0.0.11 where the container has names to ask for, or no server it could reach itself. */
  private async openResolver(container: AttachedContainer): Promise<void> {
    const { containerId, mode } = container.request;
    if (mode !== 'bridge' || container.resolver !== undefined || !this.needsResolver(container)) return;
    const view = resolverView(container, {
      containers: () => [...this.containers.values()],
      network: (id) => this.registry.get(id),
      hostServers: () => this.hostResolvers.forEngine(),
    });
    try {
      container.resolver = new ContainerResolver(this.names.netnsPath(containerId), view);
      await this.links.redirectDns(containerId, RESOLVER_PORT);
    } catch (error) {
      this.options.log(`no DNS for ${container.request.containerName}: ${String(error)}`);
    }
  }

  private needsResolver(container: AttachedContainer): boolean {
    const isOnNamed = container.endpoints.some((endpoint) => {
      const network = this.registry.get(endpoint.networkId);
      return network !== undefined && !isDefaultBridge(network);
    });
    const hasOwn = (givenServers(container.request) ?? this.hostResolvers.forContainers()).length > 0;
    return isOnNamed || !hasOwn;
  }

  /** The endpoint with the default route: the first on a network with a way out. */
  private gatewayOf(container: AttachedContainer): NetworkEndpoint | undefined {
    return container.endpoints.find(
      (endpoint) => !(this.registry.get(endpoint.networkId)?.isInternal ?? false),
    );
  }

  private attachmentOf(container: AttachedContainer): Attachment {
    const { containerId, mode } = container.request;
    const own = mode === 'bridge' ? this.hostResolvers.forContainers() : this.hostResolvers.forEngine();
    return {
      netnsPath: mode === 'host' ? undefined : this.names.netnsPath(containerId),
      endpoints: container.endpoints,
      ports: container.ports.map(portBinding),
      nameservers:
        container.resolver === undefined ? (givenServers(container.request) ?? own) : ['127.0.0.11'],
    };
  }

  private attached(containerId: string): AttachedContainer {
    const container = this.containers.get(containerId);
    if (container !== undefined) return container;
    throw new NaruError('conflict', 'E_NOT_ATTACHED', `container ${containerId} is not running`);
  }

  /** The predefined bridge gives way when its subnet came into use on the host before its bridge was up. */
  private async ensure(networks: readonly Network[]): Promise<void> {
    const fallback = networks.find((network) => isDefaultBridge(network) && !this.kernel.isUp(network));
    if (fallback === undefined) return this.kernel.ensure(networks);
    await this.kernel.withHostLock(async () => {
      this.moveIfTaken(fallback.id);
      await this.kernel.ensure(networks.map(({ id }) => this.registry.find(id)));
    });
  }

  private moveIfTaken(networkId: string): void {
    const network = this.registry.find(networkId);
    const own = subnetsOf([network]);
    const isTaken = hostSubnets().some((used) => own.some((subnet) => cidrsOverlap(used, subnet)));
    if (!isTaken || this.kernel.isUp(network)) return;
    const others = this.networks().filter((other) => other !== network);
    const bridge = { ...bridgeOf(network), ...defineSubnet({}, others) };
    this.registry.save({ ...network, bridge });
  }
}

/** Docker: locally administered, made from the address, so that a neighbour's ARP entry stays right. */
function macAddress(ipv4Address: string): string {
  const bytes = ipv4Bytes(parseIpv4(ipv4Address) ?? 0).map((byte) => byte.toString(16).padStart(2, '0'));
  return ['02', '42', ...bytes].join(':');
}
