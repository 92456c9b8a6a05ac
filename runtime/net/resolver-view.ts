/** Which names a container may resolve: those of containers it shares a network with, the default bridge aside. */

import type { ResolverView } from './container-resolver.ts';
import { isDefaultBridge, type Network } from './network.ts';
import type { AttachRequest, NetworkEndpoint } from './networking.ts';

export interface NamedContainer {
  readonly request: AttachRequest;
  readonly endpoints: readonly NetworkEndpoint[];
}

export interface ResolverWorld {
  containers(): readonly NamedContainer[];
  network(id: string): Network | undefined;
  hostServers(): readonly string[];
}

/** Live: each question looks at the world as it is then. */
export function resolverView(asker: NamedContainer, world: ResolverWorld): ResolverView {
  /** Endpoints the asker can see, each with its container. */
  function* visible(): Generator<{ container: NamedContainer; endpoint: NetworkEndpoint; network: Network }> {
    for (const { networkId } of asker.endpoints) {
      const network = world.network(networkId);
      if (network === undefined || isDefaultBridge(network)) continue;
      for (const container of world.containers()) {
        for (const endpoint of container.endpoints) {
          if (endpoint.networkId === networkId) yield { container, endpoint, network };
        }
      }
    }
  }
  return {
    addressesOf: (name) => {
      const found = [...visible()]
        .filter(({ container, endpoint, network }) => {
          const names = namesOf(container.request, endpoint);
          // `web` and `web.mynetwork`, as Docker has it.
          return names.some((own) => own === name || `${own}.${network.name.toLowerCase()}` === name);
        })
        .map(({ endpoint }) => endpoint.ipv4Address);
      return found.length === 0 ? undefined : shuffled(found);
    },
    nameOf: (address) => {
      for (const { container, endpoint, network } of visible()) {
        if (endpoint.ipv4Address === address) return `${container.request.containerName}.${network.name}`;
      }
      return undefined;
    },
    servers: () => {
      const hasWayOut = asker.endpoints.some(
        ({ networkId }) => world.network(networkId)?.isInternal === false,
      );
      return hasWayOut ? (givenServers(asker.request) ?? world.hostServers()) : [];
    },
  };
}

/** What `--dns` named; undefined when it was not used. */
export function givenServers(request: AttachRequest): readonly string[] | undefined {
  const { dnsServers = [] } = request;
  return dnsServers.length === 0 ? undefined : dnsServers;
}

function namesOf(container: AttachRequest, endpoint: NetworkEndpoint): readonly string[] {
  const { containerName, containerId, hostname } = container;
  // Docker: since 25 the hostname as well, whole, with its dots (28.5.2, measured).
  const names = [containerName, containerId.slice(0, 12), hostname, ...endpoint.aliases];
  return names.map((name) => name.toLowerCase());
}

/** Several containers with one alias share the load: any order will do. */
function shuffled(addresses: readonly string[]): readonly string[] {
  const start = Math.floor(Math.random() * addresses.length);
  return [...addresses.slice(start), ...addresses.slice(0, start)];
}
