import assert from 'node:assert/strict';

import { empty, type Endpoint, type Method } from '../../../runtime/api/endpoint.ts';
import { makeRouter } from '../../../runtime/api/router.ts';

function endpoint(method: Method, path: string, since?: number): Endpoint {
  const base: Endpoint = { method, path, handle: async () => empty() };
  return since === undefined ? base : { ...base, since };
}

const ROUTER = makeRouter([
  endpoint('GET', '/containers/json'),
  endpoint('GET', '/containers/{id}/json'),
  endpoint('GET', '/images/{name*}/json'),
  endpoint('POST', '/containers/prune', 25),
]);

function find(method: string, path: string): string {
  try {
    const { endpoint: found, params, apiMinor } = ROUTER(method, path);
    return `${found.path} ${JSON.stringify(params)} 1.${apiMinor}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('router', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['GET', '/containers/json', '/containers/json {} 1.47'],
    ['GET', '/v1.24/containers/json', '/containers/json {} 1.24'],
    ['GET', '/v1.41/containers/a%20b/json', '/containers/{id}/json {"id":"a b"} 1.41'],
    ['GET', '/images/localhost:5000/a/b:c/json', '/images/{name*}/json {"name":"localhost:5000/a/b:c"} 1.47'],
    ['POST', '/containers/json', 'page not found'],
    ['GET', '/containers', 'page not found'],
    [
      'GET',
      '/v1.48/containers/json',
      'client version 1.48 is too new. Maximum supported API version is 1.47',
    ],
    [
      'GET',
      '/v1.23/containers/json',
      'client version 1.23 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version',
    ],
    [
      'POST',
      '/v1.24/containers/prune',
      'POST /containers/prune requires API version 1.25, but the request is for API version 1.24',
    ],
    ['GET', '/containers/%zz/json', 'invalid URL escape in "%zz"'],
  ];
  for (const [method, path, expected] of cases) {
    it(`${method} ${path}`, () => assert.equal(find(method, path), expected));
  }
});
