/**
 * System calls of networking that Node lacks: namespaces, netlink, sockets bound before they are Node's. Synchronous.
 * Numbers: man 2 pages, linux/netlink.h, linux/sockios.h.
 */

import { closeSync, openSync } from 'node:fs';

import { bytes, check, libc, systemCallError } from './libc.ts';
import { mount, MS, O } from './syscalls.ts';

/**
 * Runs `work` with this thread in the network namespace at `path`, then returns to the one it came from.
 * Sockets opened, processes started and /proc/sys/net files written meanwhile belong to that namespace. `work` must not await.
 */
export function inNetworkNamespace<T>(path: string, work: () => T): T {
  const target = openSync(path, 'r');
  try {
    return outsideNetworkNamespace(() => {
      check(libc.setns(target, CLONE_NEWNET), 'setns', path);
      return work();
    });
  } finally {
    closeSync(target);
  }
}

/** As `inNetworkNamespace`, in a new one that stays as long as it is mounted at `path`, which must be an empty file. */
export function inNewNetworkNamespace<T>(path: string, work: () => T): T {
  return outsideNetworkNamespace(() => {
    check(libc.unshare(CLONE_NEWNET), 'unshare', path);
    mount(OWN_NETWORK_NAMESPACE, path, 'none', MS.BIND, '');
    return work();
  });
}

/** A socket of the route family of netlink(7) in this thread's network namespace; answers are short and say what was wrong. The caller owns it. */
export function netlinkRouteSocket(): number {
  const fd = libc.socket(AF_NETLINK, SOCK.RAW | O.CLOEXEC, NETLINK_ROUTE);
  check(fd, 'socket', undefined);
  for (const option of [NETLINK_CAP_ACK, NETLINK_EXT_ACK]) {
    // Older kernels lack them and send the same answers, longer and without words.
    libc.setsockopt(fd, SOL_NETLINK, option, Int32Array.of(1), 4);
  }
  return fd;
}

/** Sends one message and receives one; the kernel has answered a netlink request when send(2) returns. */
export function exchangeMessage(fd: number, message: Uint8Array): Uint8Array {
  check(libc.send(fd, message, message.length, 0), 'send', undefined);
  const answer = new Uint8Array(8192);
  const size = libc.recv(fd, answer, answer.length, 0);
  check(size, 'recv', undefined);
  return answer.subarray(0, size);
}

/** Number of a link in this thread's network namespace. @throws SystemCallError ENODEV */
export function interfaceIndex(name: string): number {
  const index = libc.if_nametoindex(bytes(name));
  if (index === 0) throw systemCallError('if_nametoindex', name);
  return index;
}

function outsideNetworkNamespace<T>(work: () => T): T {
  const own = openSync(OWN_NETWORK_NAMESPACE, 'r');
  try {
    return work();
  } finally {
    // Invariant: the engine never goes on in a container's namespace.
    if (libc.setns(own, CLONE_NEWNET) < 0) process.abort();
    closeSync(own);
  }
}

/** A non-blocking socket bound to an IPv4 address (four bytes) and port; streams are not listening yet. The caller owns the descriptor. */
export function bindIpv4Socket(
  type: 'stream' | 'datagram',
  address: readonly [number, number, number, number],
  port: number,
): number {
  const kind = type === 'stream' ? SOCK.STREAM : SOCK.DGRAM;
  const fd = libc.socket(AF_INET, kind | SOCK.NONBLOCK | O.CLOEXEC, 0);
  check(fd, 'socket', undefined);
  // struct sockaddr_in: family (host order), port and address (network order), eight zeros.
  const name = Uint8Array.from([AF_INET, 0, port >> 8, port & 0xff, ...address, 0, 0, 0, 0, 0, 0, 0, 0]);
  if (libc.bind(fd, name, name.length) === 0) return fd;
  const error = systemCallError('bind', undefined);
  closeSync(fd);
  throw error;
}

/** What was written to a unix stream socket and not read by its peer yet (SIOCOUTQ): memory held for it, not exact bytes; 0 when the peer has read everything or is gone. */
export function unreadByPeer(fd: number): number {
  const amount = new Int32Array(1);
  check(libc.ioctlData(fd, SIOCOUTQ, amount), 'ioctl(SIOCOUTQ)', undefined);
  return amount[0] ?? 0;
}

const AF_INET = 2;
const AF_NETLINK = 16;
const NETLINK_ROUTE = 0;
const SOL_NETLINK = 270;
const NETLINK_CAP_ACK = 10;
const NETLINK_EXT_ACK = 11;
const CLONE_NEWNET = 0x40000000;
const OWN_NETWORK_NAMESPACE = '/proc/thread-self/ns/net';
const SOCK = { STREAM: 1, DGRAM: 2, RAW: 3, NONBLOCK: 0o4000 } as const;
const SIOCOUTQ = 0x5411;
