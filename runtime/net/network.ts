/** What a network is: its definition, which survives the engine. Its endpoints live in memory and in the kernel. */

export type NetworkDriver = 'bridge' | 'host' | 'null';

export interface Network {
  /** 64 lower-case hex characters. */
  readonly id: string;
  readonly name: string;
  readonly driver: NetworkDriver;
  readonly createdAt: Date;
  readonly labels: Readonly<Record<string, string>>;
  /** Driver options as given, such as `com.docker.network.bridge.name`. */
  readonly options: Readonly<Record<string, string>>;
  readonly isInternal: boolean;
  readonly isAttachable: boolean;
  /** Bridge networks only. */
  readonly bridge?: BridgeSettings;
}

export interface BridgeSettings {
  /** Interface name on the host, at most 15 bytes. */
  readonly interfaceName: string;
  /** `172.18.0.0/16`. */
  readonly subnet: string;
  readonly gateway: string;
  /** Part of the subnet that addresses are given out from. */
  readonly ipRange?: string;
  readonly auxAddresses: Readonly<Record<string, string>>;
  /** The user chose the subnet: only then may containers ask for an address. */
  readonly isSubnetGiven: boolean;
}

/** Rows of networks in the metadata store, by id. */
export interface NetworkRecords {
  all(): readonly Network[];
  put(network: Network): void;
  delete(id: string): void;
}

/** The bridge networks' options that change what we set up; everything else is kept for inspect only. */
export const BRIDGE_OPTION = {
  name: 'com.docker.network.bridge.name',
  masquerade: 'com.docker.network.bridge.enable_ip_masquerade',
  interContainer: 'com.docker.network.bridge.enable_icc',
  hostBinding: 'com.docker.network.bridge.host_binding_ipv4',
  mtu: 'com.docker.network.driver.mtu',
  default: 'com.docker.network.bridge.default_bridge',
} as const;

/** The one network that has no container names in DNS, as with Docker. */
export function isDefaultBridge(network: Network): boolean {
  return network.name === 'bridge' && network.driver === 'bridge';
}
