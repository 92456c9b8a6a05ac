/**
 * Carries connections and datagrams of a host port to a container.
 * IPv4 traffic is redirected by the kernel before it gets here; what arrives comes over IPv6, or where the kernel's rules do not reach.
 * The listener is also what keeps other programs off the port.
 */

import { createSocket, type Socket as Datagrams } from 'node:dgram';
import { connect, createServer, isIPv6, type Socket } from 'node:net';
import { pipeline } from 'node:stream';

export interface RelayTarget {
  readonly address: string;
  readonly port: number;
}

/** A listening relay; owns its sockets until closed. */
export interface PortRelay {
  /** The real port, when 0 was asked for. */
  readonly port: number;
  close(): void;
}

/** @throws the error of bind(2), with its `code` (`EADDRINUSE` …) */
export function relayConnections(hostIp: string, hostPort: number, target: RelayTarget): Promise<PortRelay> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ host: target.address, port: target.port, allowHalfOpen: true });
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
    }
    const abort = (error: unknown): void => {
      if (error === undefined || error === null) return;
      client.destroy();
      upstream.destroy();
    };
    pipeline(client, upstream, abort);
    pipeline(upstream, client, abort);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: hostIp, port: hostPort, ipv6Only: isIPv6(hostIp), exclusive: true }, () => {
      server.removeListener('error', reject);
      server.on('error', () => undefined);
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : hostPort;
      resolve({
        port,
        close: () => {
          server.close();
          for (const socket of open) socket.destroy();
        },
      });
    });
  });
}

/** How long a client of a datagram relay may be silent before its way back is forgotten. */
const IDLE_MS = 90_000;

/** @throws the error of bind(2), with its `code` */
export function relayDatagrams(hostIp: string, hostPort: number, target: RelayTarget): Promise<PortRelay> {
  const isV6 = isIPv6(hostIp);
  const socket = createSocket({ type: isV6 ? 'udp6' : 'udp4', ipv6Only: isV6 });
  const clients = new Map<string, { readonly upstream: Datagrams; readonly timer: NodeJS.Timeout }>();
  const forget = (key: string): void => {
    const client = clients.get(key);
    if (client === undefined) return;
    clients.delete(key);
    clearTimeout(client.timer);
    client.upstream.close();
  };
  socket.on('message', (message, from) => {
    const key = `${from.address} ${from.port}`;
    let client = clients.get(key);
    if (client === undefined) {
      const upstream = createSocket('udp4', (reply) => {
        clients.get(key)?.timer.refresh();
        socket.send(reply, from.port, from.address, () => undefined);
      });
      upstream.on('error', () => forget(key));
      client = { upstream, timer: setTimeout(() => forget(key), IDLE_MS).unref() };
      clients.set(key, client);
    }
    client.timer.refresh();
    client.upstream.send(message, target.port, target.address, () => undefined);
  });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address: hostIp, port: hostPort, exclusive: true }, () => {
      socket.removeListener('error', reject);
      socket.on('error', () => undefined);
      const close = (): void => {
        socket.close();
        for (const key of clients.keys()) forget(key);
      };
      resolve({ port: socket.address().port, close });
    });
  });
}
