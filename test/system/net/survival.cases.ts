/** An engine that is killed, hosts that refuse to forward, several engines on one host. Runs inside a host of its own (own-host.ts). */

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { isErrorKind } from '../../../core/errors.ts';
import type { AttachRequest, Attachment } from '../../../runtime/net/networking.ts';
import type { EngineProcessInput, EngineProcessOutput } from './engine-process.ts';
import {
  containerOn,
  fetchFrom,
  fetchText,
  INTERNET,
  kernelSettles,
  kernelState,
  makeNetworking,
  memoryRecords,
  runIn,
  serveHttp,
} from './own-host.ts';

const RESOLVE = `const r = new (require('node:dns').promises.Resolver)({ timeout: 2000, tries: 1 });
  r.setServers(['127.0.0.11']);
  r.resolve4(process.argv[1]).then((a) => console.log(a[0]), (e) => console.log(e.code));`;

/** Runs an engine process until its containers are attached, then kills it. */
async function killedEngine(input: EngineProcessInput): Promise<EngineProcessOutput> {
  const script = join(import.meta.dirname, 'engine-process.ts');
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(input));
  let text = '';
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (text.endsWith('\n')) break;
  }
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  return JSON.parse(text) as EngineProcessOutput; // written by engine-process.ts
}

function resolveIn(attachment: Attachment | undefined, name: string): Promise<string> {
  const argv = [process.execPath, '-e', RESOLVE, name];
  return runIn(attachment?.netnsPath ?? '', argv).then((text) => text.trim());
}

function nft(commands: string): void {
  execFileSync('nft', ['-f', '-'], { input: commands });
}

describe('survival', () => {
  it('published ports outlast a killed engine, and the next one takes over', async () => {
    const engineId = 'aaaaaaaa03';
    const web = containerOn('net1', 'web', {
      ports: [{ containerPort: 80, protocol: 'tcp', hostIp: '', hostPort: 18090 }],
    });
    const [db, lost] = [containerOn('net1', 'db'), containerOn('net1', 'lost')];
    const requests = [web, db, lost];
    const { networks, attachments } = await killedEngine({ engineId, networks: ['net1'], requests });
    const [onWeb, onDb] = attachments;
    assert.ok(onWeb?.netnsPath !== undefined && onDb !== undefined);
    const server = serveHttp(onWeb.netnsPath, 80);
    assert.match(await fetchText('127.0.0.1', 18090), /^from /);
    assert.equal(await fetchText('::1', 18090), 'ECONNREFUSED');
    assert.equal(await resolveIn(onDb, 'web'), 'ECONNREFUSED');

    const records = memoryRecords();
    for (const network of networks) records.put({ ...network, createdAt: new Date(network.createdAt) });
    const next = makeNetworking(engineId, records);
    const running: (AttachRequest & { attachment: Attachment })[] = [
      { ...web, attachment: onWeb },
      { ...db, attachment: onDb },
    ];
    await next.recover(running);
    assert.match(await fetchText('127.0.0.1', 18090), /^from /);
    assert.match(await fetchText('::1', 18090), /^from /);
    assert.equal(await resolveIn(onDb, 'web'), onWeb.endpoints[0]?.ipv4Address);
    assert.equal(await resolveIn(onDb, 'lost'), 'ESERVFAIL');
    const namespaces = kernelState(engineId.slice(0, 8)).filter((name) => name.startsWith('naru-'));
    assert.deepEqual(
      namespaces.toSorted(),
      [web, db].map((one) => `naru-aaaaaaaa-${one.containerId.slice(0, 12)}`).toSorted(),
    );
    const added = await next.attach(containerOn('net1', 'new'));
    const taken = [onWeb, onDb].map((one) => one.endpoints[0]?.ipv4Address);
    assert.ok(!taken.includes(added.endpoints[0]?.ipv4Address));
    server.close();
    for (const { containerId } of next
      .networks()
      .flatMap(({ id }) => next.endpointsOf(id).map((one) => one.container))) {
      await next.detach(containerId);
    }
    await next.close();
    await kernelSettles(engineId.slice(0, 8), []);
  });

  it('containers get out and ports get in where the host drops what it forwards', async () => {
    nft('table ip filter { chain FORWARD { type filter hook forward priority 0; policy drop; }\n}\n');
    nft(
      'table inet firewalld { chain filter_FORWARD { type filter hook forward priority 10; policy accept; reject; }\n}\n',
    );
    const engineId = 'aaaaaaaa04';
    const networking = makeNetworking(engineId);
    const inet = serveHttp('/run/netns/inet', 8080);
    try {
      const ports = [{ containerPort: 80, protocol: 'tcp' as const, hostIp: '', hostPort: 18091 }];
      const request = containerOn('bridge', 'a', { ports });
      const a = await networking.attach(request);
      const server = serveHttp(a.netnsPath ?? '', 80);
      assert.match(await fetchFrom(a.netnsPath ?? '', `http://${INTERNET}:8080/`), /^from /);
      assert.match(await fetchFrom('/run/netns/inet', 'http://192.0.2.2:18091/'), /^from /);
      server.close();
      await networking.detach(request.containerId);
      await networking.close();
      await kernelSettles(engineId.slice(0, 8), []);
    } finally {
      inet.close();
      nft('delete table ip filter\ndelete table inet firewalld\n');
    }
  });

  it("a container cannot use the bridge's loopback routing to reach the host's loopback", async () => {
    const networking = makeNetworking('aaaaaaaa05');
    const request = containerOn('bridge', 'a');
    const a = await networking.attach(request);
    const server = serveHttp('/proc/self/ns/net', 18092);
    const netns = a.netnsPath ?? '';
    await runIn(netns, ['sh', '-c', 'echo 1 > /proc/sys/net/ipv4/conf/all/route_localnet']);
    await runIn(netns, ['ip', 'route', 'del', 'local', '127.0.0.0/8', 'dev', 'lo', 'table', 'local']);
    await runIn(netns, ['ip', 'route', 'del', 'local', '127.0.0.1', 'dev', 'lo', 'table', 'local']);
    await runIn(netns, ['ip', 'route', 'add', '127.0.0.0/8', 'via', a.endpoints[0]?.gateway ?? '']);
    assert.match(await fetchText('127.0.0.1', 18092), /^from /);
    assert.equal(await fetchFrom(netns, 'http://127.0.0.1:18092/'), '');
    server.close();
    await networking.detach(request.containerId);
    await networking.close();
  });

  it('engines side by side get different subnets and do not touch each other', async () => {
    const engines = ['bbbbbbbb01', 'cccccccc01'].map((id) => makeNetworking(id));
    const requests = engines.map(() => containerOn('bridge', 'a'));
    const attachments = await Promise.all(
      engines.map((engine, index) => engine.attach(requests[index] ?? containerOn('bridge', 'x'))),
    );
    const gateways = attachments.map((one) => one.endpoints[0]?.gateway);
    assert.equal(new Set(gateways).size, 2);
    const [first, second] = engines;
    await first?.detach(requests[0]?.containerId ?? '');
    await first?.close();
    assert.ok(kernelState('bbbbbbbb').every((name) => !name.includes('bbbbb')));
    const server = serveHttp('/run/netns/inet', 8080);
    assert.match(await fetchFrom(attachments[1]?.netnsPath ?? '', `http://${INTERNET}:8080/`), /^from /);
    server.close();
    await second?.detach(requests[1]?.containerId ?? '');
    await second?.close();
    await kernelSettles('cccccccc', []);
  });

  it('says what to install where the host has no nft', async () => {
    const networking = makeNetworking('aaaaaaaa07');
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', '/usr/sbin']);
    try {
      await assert.rejects(networking.attach(containerOn('bridge', 'a')), (error) => {
        assert.ok(isErrorKind(error, 'unavailable'));
        assert.equal(error.message, 'bridge networks need the program nft, which this host lacks');
        assert.match(error.hint ?? '', /apt-get install nftables/);
        return true;
      });
    } finally {
      execFileSync('/usr/bin/umount', ['/usr/sbin']);
    }
    await networking.close();
  });

  it('many containers start and stop at once', async () => {
    const networking = makeNetworking('aaaaaaaa06');
    const requests = Array.from({ length: 12 }, (_, index) =>
      containerOn('bridge', `c${index}`, {
        ports: [{ containerPort: 80, protocol: 'tcp', hostIp: '127.0.0.1', hostPort: 0 }],
      }),
    );
    const attachments = await Promise.all(requests.map((request) => networking.attach(request)));
    assert.equal(new Set(attachments.map((one) => one.endpoints[0]?.ipv4Address)).size, 12);
    await Promise.all(requests.map(({ containerId }) => networking.detach(containerId)));
    await networking.close();
    await kernelSettles('aaaaaaaa', []);
  });
});
