/** Names of containers, and what a resolver hands on. Runs inside a host of its own (own-host.ts). */

import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';

import { bindIpv4Socket, inNetworkNamespace } from '../../../runtime/host/network-syscalls.ts';
import { withLength } from '../../../runtime/net/dns-forward.ts';
import { DNS_CODE, makeAnswer, parseQuery } from '../../../runtime/net/dns-message.ts';
import type { Attachment, AttachRequest } from '../../../runtime/net/networking.ts';
import { containerOn, kernelSettles, makeNetworking, runIn } from './own-host.ts';

const ENGINE = 'aaaaaaaa02';
const networking = makeNetworking(ENGINE);
const upstreams: (Socket | Server)[] = [];
const attached: AttachRequest[] = [];

const NETWORK = {
  driver: 'bridge',
  isInternal: false,
  isAttachable: false,
  hasIpv6: false,
  labels: {},
  options: {},
  subnets: [],
};

/** The internet's name server: it knows `big.example` and `small.example`, both at 192.0.2.9. */
function answerAsInternet(message: Buffer): Buffer {
  const query = parseQuery(message);
  assert.ok(query);
  const isKnown = query.name.endsWith('.example');
  const code = isKnown ? DNS_CODE.OK : DNS_CODE.NO_SUCH_NAME;
  return makeAnswer(message, query, code, isKnown ? [{ kind: 'address', bytes: [192, 0, 2, 9] }] : []);
}

async function attach(request: AttachRequest): Promise<Attachment> {
  attached.push(request);
  return await networking.attach(request);
}

/** What a program in the container gets, by UDP or TCP. */
async function resolve(container: Attachment, name: string, options: 'udp' | 'tcp' = 'udp'): Promise<string> {
  assert.ok(container.netnsPath);
  const script = `
    const { Resolver } = require('node:dns').promises;
    const resolver = new Resolver({ timeout: 2500, tries: 1 });
    resolver.setServers(['127.0.0.11']);
    const name = process.argv[1];
    const answer = /^\\d+\\.\\d+/.test(name) ? resolver.reverse(name) : resolver.resolve4(name);
    answer.then((list) => console.log(list.sort().join(' ')), (error) => console.log(error.code));`;
  const overTcp = `
    const socket = require('node:net').connect(53, '127.0.0.11');
    const labels = process.argv[1].split('.').map((l) => String.fromCharCode(l.length) + l).join('');
    const q = Buffer.from('\\0\\x07\\x01\\0\\0\\x01\\0\\0\\0\\0\\0\\0' + labels + '\\0\\0\\x01\\0\\x01', 'latin1');
    socket.on('data', (d) => { console.log([...d.subarray(-4)].join('.')); socket.end(); });
    socket.write(Buffer.concat([Buffer.from([0, q.length]), q]));`;
  const source = options === 'udp' ? script : overTcp;
  return (await runIn(container.netnsPath, [process.execPath, '-e', source, name])).trim();
}

describe('names', () => {
  before(() => {
    const inet = '/run/netns/inet';
    const udp = createSocket('udp4', (message, from) => {
      udp.send(answerAsInternet(message), from.port, from.address);
    });
    udp.bind({ fd: inNetworkNamespace(inet, () => bindIpv4Socket('datagram', [0, 0, 0, 0], 53)) });
    const tcp = createServer((socket) => {
      socket.on('data', (chunk: Buffer) => socket.write(withLength(answerAsInternet(chunk.subarray(2)))));
    });
    tcp.listen({ fd: inNetworkNamespace(inet, () => bindIpv4Socket('stream', [0, 0, 0, 0], 53)) });
    upstreams.push(udp, tcp);
  });

  after(() => {
    for (const upstream of upstreams) upstream.close();
  });

  afterEach(async () => {
    for (const { containerId } of attached.splice(0)) await networking.detach(containerId);
    for (const network of networking.networks().filter(({ name }) => name.startsWith('net'))) {
      await networking.removeNetwork(network);
    }
    await networking.close();
    await kernelSettles(ENGINE.slice(0, 8), []);
  });

  it('finds containers of a user-defined network by name, alias, short id and address', async () => {
    await networking.createNetwork({ ...NETWORK, name: 'net1' });
    const web = containerOn('net1', 'Web', { endpoints: [{ network: 'net1', aliases: ['api', 'shared'] }] });
    const db = containerOn('net1', 'db', { endpoints: [{ network: 'net1', aliases: ['shared'] }] });
    const a = await attach(web);
    const b = await attach(db);
    const [webAddress, dbAddress] = [a, b].map((one) => one.endpoints[0]?.ipv4Address ?? '');
    assert.deepEqual(a.nameservers, ['127.0.0.11']);
    const asked = ['web', 'web.net1', 'api', web.containerId.slice(0, 12), 'shared', 'db', webAddress ?? ''];
    assert.deepEqual(await Promise.all(asked.map((name) => resolve(b, name))), [
      webAddress,
      webAddress,
      webAddress,
      webAddress,
      `${webAddress} ${dbAddress}`,
      dbAddress,
      'Web.net1',
    ]);
    await networking.detach(web.containerId);
    assert.equal(await resolve(b, 'web'), 'ENOTFOUND');
  });

  it('hands other names on, over UDP and TCP, but not from an internal network', async () => {
    await networking.createNetwork({ ...NETWORK, name: 'net1' });
    await networking.createNetwork({ ...NETWORK, name: 'net2', isInternal: true });
    const a = await attach(containerOn('net1', 'a'));
    const b = await attach(containerOn('net2', 'b'));
    assert.equal(await resolve(a, 'small.example'), '192.0.2.9');
    assert.equal(await resolve(a, 'big.example', 'tcp'), '192.0.2.9');
    assert.equal(await resolve(a, 'nothing.invalid'), 'ENOTFOUND');
    assert.equal(await resolve(b, 'small.example'), 'ESERVFAIL');
    assert.equal(await resolve(b, 'b'), b.endpoints[0]?.ipv4Address);
  });

  it('asks the servers of --dns where they are given', async () => {
    await networking.createNetwork({ ...NETWORK, name: 'net1' });
    const a = await attach(containerOn('net1', 'a', { dnsServers: ['192.0.2.77', '192.0.2.1'] }));
    assert.deepEqual(a.nameservers, ['127.0.0.11']);
    const b = await attach(containerOn('bridge', 'b', { dnsServers: ['192.0.2.77'] }));
    assert.deepEqual(b.nameservers, ['192.0.2.77']);
    const c = await attach(containerOn('bridge', 'c', { dnsServers: [] }));
    assert.deepEqual(c.nameservers, ['192.0.2.1']);
  });

  it('stands in on the default bridge where the host has loopback name servers only', async () => {
    // What /etc/resolv.conf is in this mount namespace (own-host.ts).
    const resolvConf = '/run/netns/.resolv.conf';
    const original = readFileSync(resolvConf, 'utf8');
    const stub = createSocket('udp4', (message, from) => {
      stub.send(answerAsInternet(message), from.port, from.address);
    });
    stub.bind(53, '127.0.0.53');
    writeFileSync(resolvConf, 'nameserver 127.0.0.53\n');
    try {
      const a = await attach(containerOn('bridge', 'a'));
      const b = await attach(containerOn('bridge', 'b'));
      assert.deepEqual(a.nameservers, ['127.0.0.11']);
      assert.equal(await resolve(a, 'small.example'), '192.0.2.9');
      assert.equal(await resolve(b, 'a'), 'ENOTFOUND');
    } finally {
      stub.close();
      writeFileSync(resolvConf, original);
    }
  });

  it('finds a container by its hostname as well, whole and whatever the case', async () => {
    await networking.createNetwork({ ...NETWORK, name: 'net1' });
    const a = await attach(containerOn('net1', 'web', { hostname: 'MyHost.corp' }));
    const b = await attach(containerOn('net1', 'other'));
    const address = a.endpoints[0]?.ipv4Address ?? '';
    const asked = ['MyHost.corp', 'myhost.corp', 'myhost.corp.net1', 'myhost'];
    const found = await Promise.all(asked.map((name) => resolve(b, name)));
    assert.deepEqual(found, [address, address, address, 'ENOTFOUND']);
  });

  it('knows a renamed container by its new name only', async () => {
    await networking.createNetwork({ ...NETWORK, name: 'net1' });
    const request = containerOn('net1', 'old', { hostname: '' });
    const a = await attach(request);
    networking.rename(request.containerId, 'new');
    assert.equal(await resolve(a, 'new'), a.endpoints[0]?.ipv4Address);
    assert.equal(await resolve(a, 'old'), 'ENOTFOUND');
  });

  it('leaves port 53 to the container', async () => {
    await networking.createNetwork({ ...NETWORK, name: 'net1' });
    const a = await attach(containerOn('net1', 'a'));
    assert.ok(a.netnsPath);
    const own = createSocket('udp4');
    own.bind({ fd: inNetworkNamespace(a.netnsPath, () => bindIpv4Socket('datagram', [0, 0, 0, 0], 53)) });
    own.close();
    assert.equal(await resolve(a, 'a'), a.endpoints[0]?.ipv4Address);
  });

  it('follows a running container from network to network', async () => {
    await networking.createNetwork({ ...NETWORK, name: 'net1' });
    await networking.createNetwork({ ...NETWORK, name: 'net2' });
    const moving = containerOn('bridge', 'a');
    const a = await attach(moving);
    const b = await attach(containerOn('net1', 'b'));
    const c = await attach(containerOn('net2', 'c'));
    const onTwo = await networking.connect(moving.containerId, { network: 'net1', aliases: ['mover'] });
    assert.deepEqual(
      onTwo.endpoints.map((one) => [one.networkName, one.interfaceName]),
      [
        ['bridge', 'eth0'],
        ['net1', 'eth1'],
      ],
    );
    assert.equal(await resolve(b, 'mover'), onTwo.endpoints[1]?.ipv4Address);
    assert.equal(await resolve(onTwo, 'b'), b.endpoints[0]?.ipv4Address);
    assert.equal(await resolve(c, 'a'), 'ENOTFOUND');
    await assert.rejects(networking.connect(moving.containerId, { network: 'net1', aliases: [] }), {
      message: 'endpoint with name a already exists in network net1',
    });
    const left = await networking.disconnect(moving.containerId, 'bridge');
    assert.deepEqual(
      left.endpoints.map((one) => one.networkName),
      ['net1'],
    );
    assert.equal(await resolve(a, 'small.example'), '192.0.2.9');
    const routes = await runIn(a.netnsPath ?? '', ['ip', 'route']);
    assert.match(routes, new RegExp(`^default via ${left.endpoints[0]?.gateway} dev eth1`));
    await assert.rejects(networking.disconnect(moving.containerId, 'bridge'), {
      message: `container ${moving.containerId} is not connected to network bridge`,
    });
  });
});
