/** Who can reach whom, and from where: bridges, published ports, isolation. Runs inside a host of its own (own-host.ts). */

import assert from 'node:assert/strict';
import type { Server } from 'node:http';
import type { Socket } from 'node:dgram';
import { createServer } from 'node:net';

import { isErrorKind } from '../../../core/errors.ts';
import type { Attachment, AttachRequest, PortBinding } from '../../../runtime/net/networking.ts';
import {
  containerOn,
  echo,
  fetchFrom,
  fetchText,
  HOST,
  INTERNET,
  kernelSettles,
  kernelState,
  makeNetworking,
  serveEcho,
  serveHttp,
} from './own-host.ts';

const ENGINE = 'aaaaaaaa01';
const networking = makeNetworking(ENGINE);
const servers: (Server | Socket)[] = [];
const attached: AttachRequest[] = [];

const NETWORK = {
  name: 'other',
  driver: '',
  isInternal: false,
  isAttachable: false,
  hasIpv6: false,
  labels: {},
  options: {},
  subnets: [],
};

function tcp(hostPort: number, hostIp = '', containerPort = 80): PortBinding {
  return { containerPort, protocol: 'tcp', hostIp, hostPort };
}

async function attach(request: AttachRequest): Promise<Attachment> {
  const attachment = await networking.attach(request);
  attached.push(request);
  if (attachment.netnsPath !== undefined) servers.push(serveHttp(attachment.netnsPath, 80));
  return attachment;
}

function netnsOf(attachment: Attachment): string {
  assert.ok(attachment.netnsPath);
  return attachment.netnsPath;
}

function addressOf(attachment: Attachment): string {
  return attachment.endpoints[0]?.ipv4Address ?? '';
}

describe('traffic', () => {
  afterEach(async () => {
    for (const server of servers.splice(0)) server.close();
    for (const { containerId } of attached.splice(0)) await networking.detach(containerId);
    for (const network of networking
      .networks()
      .filter(({ name }) => !['bridge', 'host', 'none'].includes(name))) {
      await networking.removeNetwork(network);
    }
    await networking.close();
    await kernelSettles(ENGINE.slice(0, 8), []);
  });

  it('containers of the default bridge reach each other and the world, as the host', async () => {
    const a = await attach(containerOn('bridge', 'a'));
    const b = await attach(containerOn('bridge', 'b'));
    assert.deepEqual(
      [a, b].map((one) => one.endpoints[0]?.ipv4Address.split('.').slice(2).join('.')),
      ['0.2', '0.3'],
    );
    assert.deepEqual(a.nameservers, [INTERNET]);
    assert.equal(await fetchFrom(netnsOf(a), `http://${addressOf(b)}/`), `from ${addressOf(a)}`);
    servers.push(serveHttp('/run/netns/inet', 8080));
    assert.equal(await fetchFrom(netnsOf(a), `http://${INTERNET}:8080/`), `from ${HOST}`);
  });

  it('a published port answers on every address, from every side', async () => {
    const a = await attach(containerOn('bridge', 'a', { ports: [tcp(18080)] }));
    const b = await attach(containerOn('bridge', 'b'));
    await networking.createNetwork(NETWORK);
    const c = await attach(containerOn('other', 'c'));
    const gateway = a.endpoints[0]?.gateway ?? '';
    assert.deepEqual(
      a.ports.map(({ hostIp, hostPort }) => `${hostIp} ${hostPort}`),
      ['0.0.0.0 18080', ':: 18080'],
    );
    for (const host of ['127.0.0.1', HOST, '::1']) {
      assert.match(await fetchText(host, 18080), /^from /, host);
    }
    assert.equal(await fetchFrom('/run/netns/inet', `http://${HOST}:18080/`), `from ${INTERNET}`);
    for (const one of [a, b, c]) {
      assert.match(await fetchFrom(netnsOf(one), `http://${gateway}:18080/`), /^from /);
    }
  });

  it('a port published on 127.0.0.1 is not open to others', async () => {
    await attach(containerOn('bridge', 'a', { ports: [tcp(18081, '127.0.0.1')] }));
    assert.match(await fetchText('127.0.0.1', 18081), /^from /);
    assert.equal(await fetchText(HOST, 18081), 'ECONNREFUSED');
    assert.equal(await fetchFrom('/run/netns/inet', `http://${HOST}:18081/`), '');
  });

  it('an ephemeral port is chosen and works, for tcp and udp', async () => {
    const ports = [tcp(0), { ...tcp(0, '', 53), protocol: 'udp' as const }];
    const a = await attach(containerOn('bridge', 'a', { ports }));
    servers.push(serveEcho(netnsOf(a), 53));
    const [web, , udp] = a.ports;
    assert.ok(web !== undefined && udp !== undefined && web.hostPort > 1024 && udp.hostPort > 1024);
    assert.match(await fetchText('127.0.0.1', web.hostPort), /^from /);
    for (const host of ['127.0.0.1', HOST, '::1']) {
      assert.equal(await echo(host, udp.hostPort, 'hello'), 'hello', host);
    }
  });

  it("a port that another container has is refused in Docker's words and nothing is left", async () => {
    await attach(containerOn('bridge', 'a', { ports: [tcp(18082)] }));
    const before = kernelState(ENGINE.slice(0, 8));
    const words =
      /^driver failed programming external connectivity on endpoint b \([0-9a-f]{64}\): Bind for 0\.0\.0\.0:18082 failed: port is already allocated$/;
    await assert.rejects(
      networking.attach(containerOn('bridge', 'b', { ports: [tcp(18083), tcp(18082)] })),
      (error) => isErrorKind(error, 'conflict') && words.test(error.message),
    );
    await kernelSettles(ENGINE.slice(0, 8), before);
    assert.equal(await fetchText('127.0.0.1', 18083), 'ECONNREFUSED');
  });

  it('a port that a program of the host has is refused', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(18084, '127.0.0.1', resolve));
    try {
      await assert.rejects(
        networking.attach(containerOn('bridge', 'a', { ports: [tcp(18084)] })),
        (error) => isErrorKind(error, 'conflict') && error.message.endsWith('address already in use'),
      );
    } finally {
      server.close();
    }
  });

  it('bridges are apart, and an internal one leads nowhere', async () => {
    await networking.createNetwork(NETWORK);
    await networking.createNetwork({ ...NETWORK, name: 'inner', isInternal: true });
    const a = await attach(containerOn('bridge', 'a'));
    const b = await attach(containerOn('other', 'b'));
    const c = await attach(containerOn('inner', 'c'));
    const d = await attach(containerOn('inner', 'd'));
    servers.push(serveHttp('/run/netns/inet', 8080));
    assert.equal(await fetchFrom(netnsOf(a), `http://${addressOf(b)}/`), '');
    assert.equal(await fetchFrom(netnsOf(c), `http://${addressOf(a)}/`), '');
    assert.equal(await fetchFrom(netnsOf(c), `http://${INTERNET}:8080/`), '');
    assert.equal(await fetchFrom('/run/netns/inet', `http://${addressOf(a)}/`), '');
    assert.match(await fetchFrom(netnsOf(c), `http://${addressOf(d)}/`), /^from /);
  });

  it('network none has loopback only, network host no namespace', async () => {
    const none = await attach(containerOn('none', 'a', { mode: 'none', endpoints: [] }));
    assert.match(await fetchFrom(netnsOf(none), 'http://127.0.0.1/'), /^from /);
    const host = await attach(containerOn('host', 'b', { mode: 'host', endpoints: [] }));
    assert.deepEqual([host.netnsPath, host.endpoints, host.ports], [undefined, [], []]);
  });

  it('a container that comes from an internal network to another gets its ports there', async () => {
    await networking.createNetwork({ ...NETWORK, name: 'inner', isInternal: true });
    const request = containerOn('inner', 'a', { ports: [tcp(18086)] });
    const inner = await attach(request);
    assert.deepEqual([inner.ports, await fetchText('127.0.0.1', 18086)], [[], 'ECONNREFUSED']);
    const both = await networking.connect(request.containerId, { network: 'bridge', aliases: [] });
    assert.equal(both.ports.length, 2);
    assert.match(await fetchText('127.0.0.1', 18086), /^from /);
    const back = await networking.disconnect(request.containerId, 'bridge');
    assert.deepEqual([back.ports, await fetchText('127.0.0.1', 18086)], [[], 'ECONNREFUSED']);
  });

  it('the first free port of a range is published', async () => {
    await attach(containerOn('bridge', 'a', { ports: [tcp(18087)] }));
    const b = await attach(containerOn('bridge', 'b', { ports: [{ ...tcp(18087), lastHostPort: 18089 }] }));
    assert.deepEqual(
      b.ports.map(({ hostPort }) => hostPort),
      [18088, 18088],
    );
  });

  it('a user-defined network keeps its subnet, range, gateway and static addresses', async () => {
    const subnets = [{ subnet: '10.77.0.0/16', ipRange: '10.77.5.0/24', gateway: '10.77.0.254' }];
    await networking.createNetwork({ ...NETWORK, subnets });
    const a = await attach(containerOn('other', 'a'));
    const fixed = {
      network: 'other',
      aliases: [],
      ipv4Address: '10.77.9.9',
      macAddress: '02:42:00:00:00:99',
    };
    const b = await attach(containerOn('other', 'b', { endpoints: [fixed] }));
    assert.deepEqual(
      [...a.endpoints, ...b.endpoints].map((one) => [one.ipv4Address, one.gateway, one.macAddress]),
      [
        ['10.77.5.0', '10.77.0.254', '02:42:0a:4d:05:00'],
        ['10.77.9.9', '10.77.0.254', '02:42:00:00:00:99'],
      ],
    );
    await assert.rejects(networking.attach(containerOn('other', 'c', { endpoints: [fixed] })), {
      message: 'Address already in use',
    });
    await assert.rejects(networking.createNetwork({ ...NETWORK, name: 'third', subnets }), {
      message: 'invalid pool request: Pool overlaps with other one on this address space',
    });
  });
});
