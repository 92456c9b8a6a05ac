/** Wire types of the network endpoints (Docker Engine API 1.47, tag Network). */

import { decodeEndpointSettings, type EndpointSettingsBody } from './container-config.ts';
import { boolean, listOf, mapOf, object, string, type Decoder } from './decode.ts';

export interface IpamConfigBody {
  readonly Subnet: string;
  readonly IPRange: string;
  readonly Gateway: string;
  readonly AuxiliaryAddresses: Readonly<Record<string, string>>;
}

export interface NetworkCreateBody {
  readonly Name: string;
  readonly Driver: string;
  readonly Scope: string;
  readonly Internal: boolean;
  readonly Attachable: boolean;
  readonly Ingress: boolean;
  readonly ConfigOnly: boolean;
  readonly EnableIPv6: boolean;
  readonly IPAM: {
    readonly Driver: string;
    readonly Options: Readonly<Record<string, string>>;
    readonly Config: readonly IpamConfigBody[];
  };
  readonly Options: Readonly<Record<string, string>>;
  readonly Labels: Readonly<Record<string, string>>;
}

export const decodeNetworkCreate: Decoder<NetworkCreateBody> = object<NetworkCreateBody>({
  Name: string,
  Driver: string,
  Scope: string,
  Internal: boolean,
  Attachable: boolean,
  Ingress: boolean,
  ConfigOnly: boolean,
  EnableIPv6: boolean,
  IPAM: object({
    Driver: string,
    Options: mapOf(string),
    Config: listOf(
      object<IpamConfigBody>({
        Subnet: string,
        IPRange: string,
        Gateway: string,
        AuxiliaryAddresses: mapOf(string),
      }),
    ),
  }),
  Options: mapOf(string),
  Labels: mapOf(string),
});

export interface NetworkConnectBody {
  readonly Container: string;
  readonly EndpointConfig: EndpointSettingsBody;
}

export const decodeNetworkConnect: Decoder<NetworkConnectBody> = object<NetworkConnectBody>({
  Container: string,
  EndpointConfig: decodeEndpointSettings,
});

export interface NetworkDisconnectBody {
  readonly Container: string;
  readonly Force: boolean;
}

export const decodeNetworkDisconnect: Decoder<NetworkDisconnectBody> = object<NetworkDisconnectBody>({
  Container: string,
  Force: boolean,
});

export interface NetworkBody {
  readonly Name: string;
  readonly Id: string;
  readonly Created: string;
  readonly Scope: 'local';
  readonly Driver: string;
  readonly EnableIPv4: boolean;
  readonly EnableIPv6: boolean;
  readonly IPAM: {
    readonly Driver: string;
    readonly Options: Readonly<Record<string, string>> | null;
    readonly Config: readonly Readonly<Record<string, unknown>>[] | null;
  };
  readonly Internal: boolean;
  readonly Attachable: boolean;
  readonly Ingress: boolean;
  readonly ConfigFrom: { readonly Network: string };
  readonly ConfigOnly: boolean;
  /** By container id; empty in a listing. */
  readonly Containers: Readonly<Record<string, NetworkContainerBody>>;
  readonly Options: Readonly<Record<string, string>>;
  readonly Labels: Readonly<Record<string, string>>;
}

export interface NetworkContainerBody {
  readonly Name: string;
  readonly EndpointID: string;
  readonly MacAddress: string;
  /** `172.18.0.2/16`. */
  readonly IPv4Address: string;
  readonly IPv6Address: string;
}
