/** Image, volume and network endpoints: statuses, and the texts that clients match. */

import { runTable, type ApiCase } from '../support/api-table.ts';
import { onEachEngine } from '../support/each-engine.ts';

const IMAGES: readonly ApiCase[] = [
  { ask: 'GET /images/nope/json', status: 404, message: 'No such image: nope:latest' },
  { ask: 'DELETE /images/nope:x', status: 404, message: 'No such image: nope:x' },
  { ask: 'GET /images/nope/history', status: 404, message: 'No such image: nope:latest' },
  {
    ask: 'GET /images/busybox/json',
    status: 200,
    has: { Id: /^sha256:/, Os: 'linux', RootFS: { Type: 'layers' } },
  },
  { ask: 'GET /v1.43/images/busybox/json', status: 200, has: { ContainerConfig: {}, VirtualSize: /^\d+$/ } },
  {
    ask: 'GET /v1.47/images/busybox/json',
    status: 200,
    has: { ContainerConfig: { Cmd: { 0: 'sh' } } },
    naruOnly: 'dockerd has it up to 1.44; docker-compose 1 fails to recreate a container without it',
  },
  {
    ask: 'GET /images/json?filters={"reference":["busybox:latest"]}',
    status: 200,
    has: { 0: { RepoTags: { 0: 'busybox:latest' } } },
  },
  { ask: 'GET /images/json?filters={"nope":["x"]}', status: 400, message: "invalid filter 'nope'" },
  {
    ask: 'POST /images/busybox/tag?repo=UPPER',
    status: 400,
    message: /invalid reference format: repository name .*must be lowercase/,
  },
  { ask: 'POST /images/busybox/tag?repo=localhost:5000/a/b&tag=c', status: 201 },
  { ask: 'GET /images/localhost:5000/a/b:c/json', status: 200, has: { Os: 'linux' } },
  {
    ask: 'DELETE /images/localhost:5000/a/b:c',
    status: 200,
    has: { 0: { Untagged: 'localhost:5000/a/b:c' } },
  },
  { ask: 'POST /containers/create?name=holder', send: { Image: 'busybox:1.36' }, status: 201 },
  {
    ask: 'DELETE /images/busybox:1.36',
    status: 409,
    message:
      /^conflict: unable to remove repository reference "busybox:1\.36" \(must force\) - container [0-9a-f]{12} is using its referenced image [0-9a-f]{12}$/,
  },
  { ask: 'DELETE /containers/holder', status: 204 },
  {
    ask: 'DELETE /images/busybox:1.36',
    status: 200,
    has: { 0: { Untagged: 'busybox:1.36' }, 1: { Deleted: /^sha256:/ } },
  },
  { ask: 'POST /images/prune?filters={"nope":["x"]}', status: 400, message: "invalid filter 'nope'" },
  { ask: 'POST /images/prune', status: 200, has: { SpaceReclaimed: 0 } },
];

const VOLUMES: readonly ApiCase[] = [
  { ask: 'GET /volumes/nope', status: 404, message: 'get nope: no such volume' },
  {
    ask: 'POST /volumes/create',
    send: { Name: 'vol', Labels: { a: 'b' } },
    status: 201,
    has: { Name: 'vol', Driver: 'local', Scope: 'local', Labels: { a: 'b' } },
  },
  {
    ask: 'POST /volumes/create',
    send: { Name: 'a/b' },
    status: 400,
    message: /includes invalid characters for a local volume name/,
  },
  {
    ask: 'POST /volumes/create',
    send: { Name: 'vol2', Driver: 'nope' },
    status: 404,
    message: /plugin "nope" not found/,
  },
  ...(
    [
      [{ foo: '' }, 'create vol2: invalid option: "foo"'],
      [{ constructor: '1' }, 'create vol2: invalid option: "constructor"'],
      [{ type: 'tmpfs' }, 'create vol2: missing required option: "device"'],
      [{ device: '/x' }, 'create vol2: missing required option: "type"'],
      [{ o: 'bind' }, 'create vol2: missing required option: "device"'],
      [{ size: '10m' }, 'create vol2: quota size requested but no quota support'],
    ] as const
  ).map(
    ([DriverOpts, message]): ApiCase => ({
      ask: 'POST /volumes/create',
      send: { Name: 'vol2', DriverOpts },
      status: 400,
      message,
    }),
  ),
  { ask: 'GET /volumes/vol2', status: 404 },
  {
    ask: 'GET /volumes?filters={"name":["vol"]}',
    status: 200,
    has: {
      Volumes: { 0: { Name: 'vol', CreatedAt: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/ } },
      Warnings: null,
    },
  },
  { ask: 'GET /volumes?filters={"nope":["x"]}', status: 400, message: "invalid filter 'nope'" },
  { ask: 'POST /volumes/prune', status: 200, has: { VolumesDeleted: [], SpaceReclaimed: 0 } },
  { ask: 'DELETE /volumes/vol', status: 204 },
  { ask: 'DELETE /volumes/vol', status: 404, message: /no such volume/ },
  { ask: 'DELETE /volumes/vol?force=1', status: 204 },
];

const NETWORKS: readonly ApiCase[] = [
  { ask: 'GET /networks/nope', status: 404, message: 'network nope not found' },
  { ask: 'GET /networks/bridge', status: 200, has: { Driver: 'bridge', Scope: 'local', Containers: {} } },
  {
    ask: 'POST /networks/create',
    send: { Name: 'net', Labels: { a: 'b' } },
    status: 201,
    keep: { id: 'Id' },
  },
  {
    ask: 'POST /networks/create',
    send: { Name: 'net' },
    status: 409,
    message: 'network with name net already exists',
  },
  {
    ask: 'POST /networks/create',
    send: { Name: 'x', Driver: 'nope' },
    status: 404,
    message: /plugin "?nope"? not found/,
  },
  {
    ask: 'POST /networks/create',
    send: { Name: 'bridge' },
    status: 403,
    message: /^operation is not permitted on predefined bridge network/,
  },
  { ask: 'GET /networks/{id}', status: 200, has: { Name: 'net', Labels: { a: 'b' } } },
  {
    ask: 'POST /networks/net/connect',
    send: { Container: 'nope' },
    status: 404,
    message: 'No such container: nope',
  },
  {
    ask: 'DELETE /networks/bridge',
    status: 403,
    message: 'bridge is a pre-defined network and cannot be removed',
  },
  {
    ask: 'POST /containers/create?name=named',
    send: {
      Image: 'busybox',
      Hostname: 'MyHost.corp',
      Cmd: ['sleep', '60'],
      HostConfig: { NetworkMode: 'net' },
      NetworkingConfig: { EndpointsConfig: { net: { Aliases: ['al'] } } },
    },
    status: 201,
    keep: { named: 'Id' },
  },
  {
    ask: 'GET /containers/named/json',
    status: 200,
    has: { NetworkSettings: { Networks: { net: { DNSNames: null } } } },
  },
  { ask: 'POST /containers/named/start', status: 204 },
  {
    ask: 'GET /containers/named/json',
    status: 200,
    has: {
      NetworkSettings: {
        Networks: { net: { DNSNames: { 0: 'named', 1: 'al', 2: /^[0-9a-f]{12}$/, 3: 'MyHost.corp' } } },
      },
    },
  },
  { ask: 'DELETE /containers/named?force=1', status: 204 },
  { ask: 'DELETE /networks/net', status: 204 },
  { ask: 'DELETE /networks/net', status: 404, message: 'network net not found' },
];

describe('api: images, volumes and networks', function () {
  this.timeout(60_000);
  onEachEngine((engine) => {
    runTable(engine, IMAGES);
    runTable(engine, VOLUMES);
    runTable(engine, NETWORKS);
  });
});
