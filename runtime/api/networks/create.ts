/** `POST /networks/create`. */

import {
  decodeNetworkCreate,
  type IpamConfigBody,
  type NetworkCreateBody,
} from '../../../core/engine-api/networks.ts';
import type { NetworkRequest, SubnetRequest } from '../../net/define-network.ts';
import { json, type Endpoint } from '../endpoint.ts';
import { unimplemented } from '../parts.ts';
import { given, present } from '../present.ts';

export const networkCreate: Endpoint = {
  method: 'POST',
  path: '/networks/create',
  handle: async (request, { networks }) => {
    const body = await request.json(decodeNetworkCreate);
    if (body.ConfigOnly || body.Ingress) throw unimplemented('a config-only or ingress network');
    const { id } = await networks.create(networkRequest(body));
    return json({ Id: id, Warning: '' }, 201);
  },
};

function networkRequest(body: NetworkCreateBody): NetworkRequest {
  return {
    name: body.Name,
    driver: body.Driver,
    isInternal: body.Internal,
    isAttachable: body.Attachable,
    hasIpv6: body.EnableIPv6,
    labels: body.Labels,
    options: body.Options,
    subnets: body.IPAM.Config.map(subnetRequest),
  };
}

function subnetRequest(body: IpamConfigBody): SubnetRequest {
  return present<SubnetRequest>({
    subnet: given(body.Subnet),
    gateway: given(body.Gateway),
    ipRange: given(body.IPRange),
    auxAddresses: given(body.AuxiliaryAddresses),
  });
}
