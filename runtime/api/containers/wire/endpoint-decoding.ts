/** `EndpointSettings` on the wire -> what a container asks of a network; for create and `network connect`. */

import type { EndpointSettingsBody } from '../../../../core/engine-api/container-config.ts';
import type { EndpointRequest } from '../../../net/networking.ts';
import { given, present } from '../../present.ts';

export function endpointRequest(network: string, body: EndpointSettingsBody): EndpointRequest {
  return present<EndpointRequest>({
    network,
    aliases: body.Aliases,
    links: body.Links.length === 0 ? undefined : body.Links,
    ipv4Address: given(body.IPAMConfig.IPv4Address),
    macAddress: given(body.MacAddress),
  });
}
