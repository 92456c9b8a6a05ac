/**
 * The resolver that one container sees at 127.0.0.11: names of containers it shares a network with, everything else handed on.
 * Its sockets live in the container's network namespace, so who asks is certain and no firewall of the host stands between.
 */

import { createSocket, type Socket } from 'node:dgram';
import { createServer, type Server, type Socket as TcpSocket } from 'node:net';

import { bindIpv4Socket, inNetworkNamespace } from '../host/network-syscalls.ts';
import { DnsStreamReader, forwardDatagram, forwardStream, withLength } from './dns-forward.ts';
import {
  DNS_CODE,
  DNS_TYPE,
  type DnsQuery,
  type DnsRecord,
  makeAnswer,
  parseQuery,
  reverseAddress,
} from './dns-message.ts';
import { ipv4Bytes, parseIpv4 } from './ipv4.ts';

/** What one container may know. */
export interface ResolverView {
  /** IPv4 addresses of a container name, alias or short id; undefined when it is no such name. */
  addressesOf(name: string): readonly string[] | undefined;
  /** `name.network` of a container's address. */
  nameOf(address: string): string | undefined;
  /** Name servers for everything else; empty when the container has no way out. */
  servers(): readonly string[];
}

const RESOLVER_ADDRESS = [127, 0, 0, 11] as const;

/** Above the range the kernel hands out and rarely used by programs; port 53 itself stays free for the container. */
export const RESOLVER_PORT = 61153;

export class ContainerResolver {
  private readonly view: ResolverView;
  private readonly datagrams: Socket;
  private readonly server: Server;
  private readonly connections = new Set<TcpSocket>();
  private isClosed = false;

  /** Binds at once; queries that come before the first turn of the event loop wait in the kernel. @throws SystemCallError when the port is taken in that namespace */
  constructor(netnsPath: string, view: ResolverView) {
    this.view = view;
    const fds = inNetworkNamespace(netnsPath, () => ({
      datagram: bindIpv4Socket('datagram', RESOLVER_ADDRESS, RESOLVER_PORT),
      stream: bindIpv4Socket('stream', RESOLVER_ADDRESS, RESOLVER_PORT),
    }));
    this.datagrams = createSocket('udp4', (message, from) => {
      void this.answer(message, forwardDatagram).then((reply) => {
        if (reply !== undefined && !this.isClosed)
          this.datagrams.send(reply, from.port, from.address, () => undefined);
      });
    });
    this.datagrams.on('error', () => undefined);
    this.datagrams.bind({ fd: fds.datagram });
    this.server = createServer((socket) => this.serve(socket));
    this.server.on('error', () => undefined);
    this.server.listen({ fd: fds.stream });
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.datagrams.close();
    this.server.close();
    for (const socket of this.connections) socket.destroy();
  }

  private serve(socket: TcpSocket): void {
    const reader = new DnsStreamReader();
    this.connections.add(socket);
    socket.setTimeout(10_000, () => socket.destroy());
    socket.on('error', () => undefined);
    socket.on('close', () => this.connections.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      for (const message of reader.push(chunk)) {
        void this.answer(message, forwardStream).then((reply) => {
          if (reply !== undefined && socket.writable) socket.write(withLength(reply));
        });
      }
    });
  }

  /** undefined: what came is no query and gets no answer. */
  private async answer(message: Buffer, forward: typeof forwardDatagram): Promise<Buffer | undefined> {
    const query = parseQuery(message);
    if (query === undefined) return undefined;
    const own = this.ownRecords(query);
    if (own !== undefined) return makeAnswer(message, query, DNS_CODE.OK, own);
    const answer = await forward(message, this.view.servers());
    return answer ?? makeAnswer(message, query, DNS_CODE.SERVER_FAILURE, []);
  }

  /** Empty for a known name that has no records of the asked type. */
  private ownRecords(query: DnsQuery): readonly DnsRecord[] | undefined {
    if (query.type === DNS_TYPE.PTR) {
      const address = reverseAddress(query.name);
      const name = address === undefined ? undefined : this.view.nameOf(address);
      return name === undefined ? undefined : [{ kind: 'name', name }];
    }
    const addresses = this.view.addressesOf(query.name);
    if (addresses === undefined || query.type !== DNS_TYPE.A) return addresses === undefined ? undefined : [];
    return addresses.map((address) => ({ kind: 'address', bytes: ipv4Bytes(parseIpv4(address) ?? 0) }));
  }
}
