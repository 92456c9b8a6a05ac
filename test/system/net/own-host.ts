/**
 * What the network cases stand on: a "host" of their own (a network and mount namespace) with an uplink to a small "internet".
 * The internet is the namespace `inet` at 192.0.2.1, the host is 192.0.2.2; its resolv.conf names 192.0.2.1.
 */

import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { createServer as createHttpServer, get, type Server } from 'node:http';
import { randomBytes } from 'node:crypto';

import { bindIpv4Socket, inNetworkNamespace } from '../../../runtime/host/network-syscalls.ts';
import { LinuxNetworking } from '../../../runtime/net/linux-networking.ts';
import type { Network } from '../../../runtime/net/network.ts';
import type { AttachRequest } from '../../../runtime/net/networking.ts';

export const HOST = '192.0.2.2';
export const INTERNET = '192.0.2.1';

/** Runs mocha on a case file inside such a host. @returns its output; throws it when a case fails */
export function runInOwnHost(file: string): string {
  const setUp = [
    'mount --make-rprivate /',
    'mkdir -p /run/netns && mount -t tmpfs tmpfs /run/netns',
    `printf 'nameserver ${INTERNET}\\n' > /run/netns/.resolv.conf && mount --bind /run/netns/.resolv.conf /etc/resolv.conf`,
    'ip link set lo up && ip netns add inet',
    'ip link add up0 type veth peer name eth0 netns inet',
    `ip addr add ${HOST}/24 dev up0 && ip link set up0 up`,
    `ip -n inet addr add ${INTERNET}/24 dev eth0 && ip -n inet link set eth0 up && ip -n inet link set lo up`,
    `ip route add default via ${INTERNET}`,
    'exec "$@"',
  ].join(' && ');
  const mocha = [
    process.execPath,
    process.argv[1] ?? 'mocha',
    '--reporter',
    'spec',
    '--timeout',
    '30000',
    file,
  ];
  const result = spawnSync('unshare', ['--net', '--mount', 'sh', '-c', setUp, 'sh', ...mocha], {
    encoding: 'utf8',
    timeout: 240_000,
  });
  assert.equal(result.status, 0, `${result.stdout}\n${result.stderr}`);
  return result.stdout;
}

/** Networks in memory, as the metadata store would keep them. */
export function memoryRecords(): { all(): Network[]; put(network: Network): void; delete(id: string): void } {
  const rows = new Map<string, Network>();
  return {
    all: () => [...rows.values()],
    put: (network) => void rows.set(network.id, network),
    delete: (id) => void rows.delete(id),
  };
}

export function makeNetworking(engineId: string, records = memoryRecords()): LinuxNetworking {
  return new LinuxNetworking({ engineId, records, log: (line) => console.error(`engine: ${line}`) });
}

/** A container on `network` with Docker's defaults; anything may be overridden. */
export function containerOn(network: string, name: string, more: Partial<AttachRequest> = {}): AttachRequest {
  const containerId = randomBytes(32).toString('hex');
  const endpoints = [{ network, aliases: [] }];
  return { containerId, containerName: name, hostname: name, mode: 'bridge', endpoints, ports: [], ...more };
}

/** A web server in a namespace; it answers with the address of who asked. */
export function serveHttp(netnsPath: string, port: number): Server {
  const fd = inNetworkNamespace(netnsPath, () => bindIpv4Socket('stream', [0, 0, 0, 0], port));
  const server = createHttpServer((request, response) => {
    response.end(`from ${request.socket.remoteAddress}`);
  });
  server.listen({ fd });
  return server;
}

/** A datagram server in a namespace that sends everything back. */
export function serveEcho(netnsPath: string, port: number): Socket {
  const fd = inNetworkNamespace(netnsPath, () => bindIpv4Socket('datagram', [0, 0, 0, 0], port));
  const socket = createSocket('udp4', (message, from) => socket.send(message, from.port, from.address));
  socket.bind({ fd });
  return socket;
}

/** Asks from the host's own namespace; the answer's text, or the error's code. */
export function fetchText(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const request = get({ host, port, agent: false, timeout: 2000 }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve(text));
    });
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', (error) => resolve('code' in error ? String(error.code) : error.message));
  });
}

/** Asks from another namespace with curl; '' when there is no answer within two seconds. */
export function fetchFrom(netnsPath: string, url: string): Promise<string> {
  return runIn(netnsPath, ['curl', '-s', '--max-time', '2', url]);
}

/** Standard output of a program in another namespace; the exit code does not matter. */
export function runIn(netnsPath: string, argv: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const child: ChildProcess = spawn('nsenter', [`--net=${netnsPath}`, ...argv], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('close', () => resolve(text));
  });
}

/** Sends one datagram from the host and waits for what comes back; undefined after two seconds. */
export function echo(host: string, port: number, text: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    const finish = (answer: string | undefined): void => {
      clearTimeout(timer);
      socket.close();
      resolve(answer);
    };
    const timer = setTimeout(() => finish(undefined), 2000);
    socket.on('message', (message) => finish(message.toString()));
    socket.send(text, port, host);
  });
}

/** Waits until the kernel holds exactly this of an engine: cables of dead namespaces go a moment after them. */
export async function kernelSettles(engineId: string, expected: readonly string[]): Promise<void> {
  const deadline = Date.now() + 5000;
  while (Date.now() < deadline && kernelState(engineId).join() !== expected.join()) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.deepEqual(kernelState(engineId), expected);
}

/** Everything of an engine that is in the kernel: links, namespaces, nft tables, rules in others' tables. */
export function kernelState(engineId: string): readonly string[] {
  const run = (program: string, ...args: string[]): string =>
    execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const links = run('ip', '-o', 'link').matchAll(/^\d+: (nr[\w]+)/gm);
  const netns = run('ip', 'netns').matchAll(/^(naru[\w-]+)/gm);
  const rules = run('nft', 'list', 'ruleset').split('\n');
  return [...links, ...netns]
    .map((match) => match[1] ?? '')
    .concat(rules.filter((line) => line.includes(`naru_${engineId}`)).map((line) => line.trim()));
}
