/** Endpoints of Docker's API that Naru does not have: each answers with a sentence that says what is missing. */

import { NaruError } from '../../../core/errors.ts';
import type { Endpoint, Method } from '../endpoint.ts';
import { unimplemented } from '../parts.ts';

/** Swarm and everything that needs one. Docker: 503 and these words outside a swarm. */
const SWARM: readonly (readonly [Method, string])[] = [
  ['GET', '/swarm'],
  ['GET', '/nodes'],
  ['GET', '/services'],
  ['GET', '/tasks'],
  ['GET', '/secrets'],
  ['GET', '/configs'],
  ['GET', '/nodes/{id}'],
  ['GET', '/services/{id}'],
  ['GET', '/tasks/{id}'],
  ['GET', '/secrets/{id}'],
  ['GET', '/configs/{id}'],
];

const MISSING: readonly (readonly [Method, path: string, feature: string, hint?: string])[] = [
  ['POST', '/swarm/{verb}', 'swarm mode'],
  ['POST', '/services/create', 'swarm mode'],
  ['POST', '/secrets/create', 'swarm mode'],
  ['POST', '/configs/create', 'swarm mode'],
  ['GET', '/plugins/privileges', 'plugins'],
  ['POST', '/plugins/{rest*}', 'plugins'],
  ['DELETE', '/plugins/{name*}', 'plugins'],
  ['GET', '/containers/{id}/attach/ws', 'attach over a WebSocket'],
  ['POST', '/auth', 'logging in to a registry'],
  ['GET', '/images/search', 'searching Docker Hub'],
  ['GET', '/distribution/{name*}/json', 'asking a registry about an image'],
  ['POST', '/images/{name*}/push', 'pushing to a registry', 'write the image to an archive with save'],
  ['POST', '/build/cancel', 'cancelling a build'],
];

export const UNIMPLEMENTED_ENDPOINTS: readonly Endpoint[] = [
  ...SWARM.map(([method, path]) => outsideSwarm(method, path)),
  ...MISSING.map(([method, path, feature, hint]) => missing(method, path, feature, hint)),
  noSuchPlugin(),
  buildkit('/grpc'),
  buildkit('/session'),
];

function outsideSwarm(method: Method, path: string): Endpoint {
  return {
    method,
    path,
    handle: async () => {
      const text = `This node is not a swarm manager. Naru has no swarm mode`;
      throw new NaruError('unavailable', 'E_NO_SWARM', text);
    },
  };
}

/** `docker inspect` looks for anything of a name, among plugins last. */
function noSuchPlugin(): Endpoint {
  return {
    method: 'GET',
    path: '/plugins/{name*}/json',
    handle: async ({ params }) => {
      throw new NaruError('not-found', 'E_NO_SUCH_PLUGIN', `plugin "${params('name')}" not found`);
    },
  };
}

function missing(method: Method, path: string, feature: string, hint?: string): Endpoint {
  return {
    method,
    path,
    handle: async () => {
      throw unimplemented(feature, hint);
    },
  };
}

/** BuildKit's own protocol, which `docker buildx` speaks. */
function buildkit(path: string): Endpoint {
  return {
    method: 'POST',
    path,
    handle: async () => {
      const text = `BuildKit's protocol (${path}) is not implemented by this engine`;
      throw new NaruError('unimplemented', 'E_BUILDKIT', text, {
        hint: 'build with DOCKER_BUILDKIT=0 docker build, or with naru build',
      });
    },
  };
}
