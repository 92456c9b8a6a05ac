/**
 * What containers need of networks; bridge, none and host are the drivers.
 * State that must survive an engine restart is in the metadata store and in the kernel (namespaces by path, bridge, nft table named after the engine).
 */

export interface PortBinding {
  readonly containerPort: number;
  readonly protocol: 'tcp' | 'udp';
  /** '' means every address. */
  readonly hostIp: string;
  /** 0 asks for an ephemeral port. */
  readonly hostPort: number;
  /** In a request: the first free one of `hostPort` to this is meant (`-p 8000-8010:80`). */
  readonly lastHostPort?: number;
}

export interface EndpointRequest {
  /** Network name or id. */
  readonly network: string;
  readonly aliases: readonly string[];
  /** `NAME[:ALIAS]` of other containers; the network knows nothing of them. */
  readonly links?: readonly string[];
  readonly ipv4Address?: string;
  readonly macAddress?: string;
}

export interface NetworkEndpoint {
  readonly networkId: string;
  readonly networkName: string;
  readonly endpointId: string;
  readonly ipv4Address: string;
  readonly prefixLength: number;
  readonly gateway: string;
  readonly macAddress: string;
  readonly aliases: readonly string[];
  /** Inside the container: `eth0` … */
  readonly interfaceName: string;
}

export interface Attachment {
  /** Path of the network namespace for crun; undefined for host networking. */
  readonly netnsPath: string | undefined;
  readonly endpoints: readonly NetworkEndpoint[];
  /** As Docker's inspect shows them: real host ports, and '' has become `0.0.0.0` and, where the host has IPv6, `::`. */
  readonly ports: readonly PortBinding[];
  /** Nameserver lines for resolv.conf. */
  readonly nameservers: readonly string[];
}

export interface AttachRequest {
  readonly containerId: string;
  readonly containerName: string;
  readonly hostname: string;
  /** `bridge` endpoints, or the drivers without endpoints. */
  readonly mode: 'bridge' | 'none' | 'host';
  readonly endpoints: readonly EndpointRequest[];
  readonly ports: readonly PortBinding[];
  /** Servers to use instead of the host's (`--dns`); empty is the same as absent. */
  readonly dnsServers?: readonly string[];
}

export interface Networking {
  /** Makes the namespace, addresses, routes, NAT and ports. @throws conflict with Docker's words when a host port is taken; nothing is left behind. */
  attach(request: AttachRequest): Promise<Attachment>;
  /** Adds a running container to one more bridge network. @throws forbidden when it is on it already */
  connect(containerId: string, endpoint: EndpointRequest): Promise<Attachment>;
  /** Takes a running container off a network. @throws forbidden when it is not on it */
  disconnect(containerId: string, network: string): Promise<Attachment>;
  /** Others find a running container by its new name from now on. */
  rename(containerId: string, containerName: string): void;
  /** Idempotent; frees addresses, ports and the namespace. */
  detach(containerId: string): Promise<void>;
  /** After an engine restart: takes over what the kernel still holds for running containers and drops the rest. */
  recover(running: readonly (AttachRequest & { readonly attachment: Attachment })[]): Promise<void>;
  /** Closes listeners and resolvers; when no container is attached, removes bridges and tables of this engine as well. */
  close(): Promise<void>;
}
