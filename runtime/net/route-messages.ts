/**
 * What networks need of rtnetlink(7), as the bytes of its requests: links, addresses, routes.
 * Pure. Numbers are those of linux/rtnetlink.h, if_link.h, if_addr.h and veth.h; all integers are little endian, IPv4 addresses are in network order.
 */

import type { RouteRequest } from '../host/route-socket.ts';
import { ipv4Bytes, parseIpv4 } from './ipv4.ts';

const RTM = { NEWLINK: 16, DELLINK: 17, NEWADDR: 20, NEWROUTE: 24, DELROUTE: 25 } as const;
const FLAG = { REPLACE: 0x100, EXCL: 0x200, CREATE: 0x400 } as const;
const IFLA = { ADDRESS: 1, IFNAME: 3, MTU: 4, MASTER: 10, LINKINFO: 18, NET_NS_FD: 28 } as const;
const INFO = { KIND: 1, DATA: 2, SLAVE_KIND: 4, SLAVE_DATA: 5 } as const;
const VETH_PEER = 1;
const BRIDGE_PORT_HAIRPIN = 4;
const IFA = { ADDRESS: 1, LOCAL: 2, BROADCAST: 4 } as const;
const RTA_GATEWAY = 5;
const AF_INET = 2;
const UP = 1;
const TABLE_MAIN = 254;
const PROTOCOL_BOOT = 3;
const TYPE_UNICAST = 1;

export interface CableEnds {
  /** The end on the host, plugged into the bridge with this index. */
  readonly host: string;
  readonly bridgeIndex: number;
  /** The end in the namespace behind this descriptor. */
  readonly inside: string;
  readonly netnsFd: number;
  readonly macAddress: string;
  readonly mtu: number | undefined;
}

/** A veth pair, one end on a bridge and one in a namespace; both are down. */
export function addCable(cable: CableEnds): RouteRequest {
  const mtu = cable.mtu === undefined ? [] : [attribute(IFLA.MTU, u32(cable.mtu))];
  const peer = [
    linkHeader(0, 0),
    attribute(IFLA.IFNAME, text(cable.inside)),
    attribute(IFLA.ADDRESS, Buffer.from(cable.macAddress.replaceAll(':', ''), 'hex')),
    attribute(IFLA.NET_NS_FD, u32(cable.netnsFd)),
    ...mtu,
  ];
  const body = [
    linkHeader(0, 0),
    attribute(IFLA.IFNAME, text(cable.host)),
    attribute(IFLA.MASTER, u32(cable.bridgeIndex)),
    ...mtu,
    attribute(IFLA.LINKINFO, [
      attribute(INFO.KIND, text('veth')),
      attribute(INFO.DATA, [attribute(VETH_PEER, peer)]),
    ]),
  ];
  return request(RTM.NEWLINK, FLAG.CREATE | FLAG.EXCL, body, `add the link ${cable.host}`);
}

/** Ready to carry traffic, back into the port it came from too: a container may use its own published port. */
export function setBridgePortUp(name: string): RouteRequest {
  const body = [
    linkHeader(0, UP),
    attribute(IFLA.IFNAME, text(name)),
    attribute(IFLA.LINKINFO, [
      attribute(INFO.SLAVE_KIND, text('bridge')),
      attribute(INFO.SLAVE_DATA, [attribute(BRIDGE_PORT_HAIRPIN, Uint8Array.of(1))]),
    ]),
  ];
  return request(RTM.NEWLINK, 0, body, `set the link ${name} up`);
}

/** With a MAC address of its own, as a bridge would otherwise take that of whichever port came first. */
export function addBridge(name: string, macAddress: string): RouteRequest {
  const body = [
    linkHeader(0, 0),
    attribute(IFLA.IFNAME, text(name)),
    attribute(IFLA.ADDRESS, Buffer.from(macAddress.replaceAll(':', ''), 'hex')),
    attribute(IFLA.LINKINFO, [attribute(INFO.KIND, text('bridge'))]),
  ];
  return request(RTM.NEWLINK, FLAG.CREATE | FLAG.EXCL, body, `add the bridge ${name}`);
}

/** A bridge keeps it whatever its ports have. */
export function setMtu(name: string, mtu: number): RouteRequest {
  const body = [linkHeader(0, UP), attribute(IFLA.IFNAME, text(name)), attribute(IFLA.MTU, u32(mtu))];
  return request(RTM.NEWLINK, 0, body, `set the MTU of ${name} to ${mtu}`);
}

export function setLinkUp(name: string): RouteRequest {
  const body = [linkHeader(0, UP), attribute(IFLA.IFNAME, text(name))];
  return request(RTM.NEWLINK, 0, body, `set the link ${name} up`);
}

export function setLinkDown(name: string): RouteRequest {
  const body = [linkHeader(0, 0), attribute(IFLA.IFNAME, text(name))];
  return request(RTM.NEWLINK, 0, body, `set the link ${name} down`);
}

/** Its other end goes as well. */
export function deleteLink(name: string): RouteRequest {
  const body = [linkHeader(0, 0), attribute(IFLA.IFNAME, text(name))];
  return request(RTM.DELLINK, 0, body, `delete the link ${name}`);
}

/** With the broadcast address of its subnet. */
export function addAddress(index: number, address: string, prefixLength: number): RouteRequest {
  const header = Buffer.alloc(8);
  header.set([AF_INET, prefixLength, 0, 0]);
  header.writeUInt32LE(index, 4);
  const number = parseIpv4(address) ?? 0;
  const hostBits = prefixLength === 0 ? 0xffff_ffff : 2 ** (32 - prefixLength) - 1;
  const body = [
    header,
    attribute(IFA.LOCAL, Uint8Array.from(ipv4Bytes(number))),
    attribute(IFA.ADDRESS, Uint8Array.from(ipv4Bytes(number))),
    attribute(IFA.BROADCAST, Uint8Array.from(ipv4Bytes((number | hostBits) >>> 0))),
  ];
  return request(RTM.NEWADDR, FLAG.CREATE | FLAG.EXCL, body, `add the address ${address}`);
}

/** The default route, instead of another if there is one. */
export function setDefaultRoute(gateway: string): RouteRequest {
  const body = [routeHeader(), attribute(RTA_GATEWAY, Uint8Array.from(ipv4Bytes(parseIpv4(gateway) ?? 0)))];
  return request(RTM.NEWROUTE, FLAG.CREATE | FLAG.REPLACE, body, `route by default via ${gateway}`);
}

export function deleteDefaultRoute(): RouteRequest {
  return request(RTM.DELROUTE, 0, [routeHeader()], 'delete the default route');
}

function request(type: number, flags: number, parts: readonly Uint8Array[], what: string): RouteRequest {
  return { type, flags, body: Buffer.concat(parts), what };
}

/** struct ifinfomsg: family, padding, type, index, flags, which flags to change. */
function linkHeader(index: number, flags: number): Uint8Array {
  const header = Buffer.alloc(16);
  header.writeInt32LE(index, 4);
  header.writeUInt32LE(flags, 8);
  header.writeUInt32LE(UP, 12);
  return header;
}

/** struct rtmsg: family, lengths of destination and source, type of service, table, protocol, scope, type, flags. */
function routeHeader(): Uint8Array {
  const header = Buffer.alloc(12);
  header.set([AF_INET, 0, 0, 0, TABLE_MAIN, PROTOCOL_BOOT, 0, TYPE_UNICAST]);
  return header;
}

/** struct rtattr: length without padding, type; then the value, padded to four bytes. */
function attribute(type: number, value: Uint8Array | readonly Uint8Array[]): Uint8Array {
  const data = value instanceof Uint8Array ? value : Buffer.concat(value);
  const out = Buffer.alloc((4 + data.length + 3) & ~3);
  out.writeUInt16LE(4 + data.length, 0);
  out.writeUInt16LE(type, 2);
  out.set(data, 4);
  return out;
}

function u32(value: number): Uint8Array {
  const out = Buffer.alloc(4);
  out.writeUInt32LE(value);
  return out;
}

function text(value: string): Uint8Array {
  return Buffer.from(`${value}\0`);
}
