/** `POST /containers/create`. */

import {
  decodeCreateContainer,
  type CreateContainerBody,
  type CreateContainerResult,
} from '../../../core/engine-api/containers.ts';
import { NaruError } from '../../../core/errors.ts';
import type { CreateRequest } from '../../engine/containers/requests.ts';
import { json, type Endpoint } from '../endpoint.ts';
import { given, present } from '../present.ts';
import { configFromWire } from './wire/config-decoding.ts';
import { endpointRequest } from './wire/endpoint-decoding.ts';
import { hostFromWire } from './wire/host-decoding.ts';

export const containerCreate: Endpoint = {
  method: 'POST',
  path: '/containers/create',
  handle: async (request, { containers }) => {
    const body = await request.json(decodeCreateContainer);
    // Docker: before API 1.41 nobody asked for a platform here, and dockerd 28 does not listen.
    const platform = request.apiMinor < 41 ? '' : request.query.text('platform');
    const { id, warnings } = await containers.create(
      createRequest(body, request.query.text('name'), platform),
    );
    const result: CreateContainerResult = { Id: id, Warnings: warnings };
    return json(result, 201);
  },
};

function createRequest(body: CreateContainerBody, name: string, platform: string): CreateRequest {
  if (body.Image === '') {
    // Docker: the words of dockerd 28 for a body without Image.
    throw new NaruError(
      'invalid-argument',
      'E_NO_IMAGE',
      'config cannot be empty in order to create a container',
    );
  }
  const networks = Object.entries(body.NetworkingConfig.EndpointsConfig).map(([name, settings]) =>
    endpointRequest(name, settings),
  );
  return present<CreateRequest>({
    name: given(name),
    config: configFromWire(body),
    host: hostFromWire(body.HostConfig),
    networks: given(networks),
    platform: given(platform),
  });
}
