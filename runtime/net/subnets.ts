/** Picks subnets for new networks that meet nothing the host can already reach. */

import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';

import { type Cidr, cidrsOverlap, makeCidr, parseCidr, parseIpv4 } from './ipv4.ts';

/** The first that overlaps nothing in `used`, in Docker's order: 172.17–31.0.0/16, then 192.168.0.0/16 by twenties; undefined when all do. */
export function pickSubnet(used: readonly Cidr[]): Cidr | undefined {
  return defaultPools().find((pool) => !used.some((other) => cidrsOverlap(pool, other)));
}

/** Addresses and routes of the host now, and its resolvers; the default route aside. */
export function hostSubnets(): readonly Cidr[] {
  return [...interfaceSubnets(), ...parseRoutes(readText('/proc/net/route')), ...nameservers()];
}

/** Blocks of /proc/net/route (addresses there are in host byte order, little endian). */
export function parseRoutes(text: string): readonly Cidr[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const fields = line.split('\t');
      const mask = swapBytes(fields[7] ?? '0');
      if (mask === 0) return [];
      const prefixLength = mask.toString(2).replaceAll('0', '').length;
      return [makeCidr(swapBytes(fields[1] ?? '0'), prefixLength)];
    });
}

function defaultPools(): readonly Cidr[] {
  const large = Array.from({ length: 15 }, (_, index) => makeCidr((172 * 256 + 17 + index) * 65536, 16));
  const small = Array.from({ length: 16 }, (_, index) =>
    makeCidr((192 * 256 + 168) * 65536 + index * 4096, 20),
  );
  return [...large, ...small];
}

function interfaceSubnets(): readonly Cidr[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.flatMap(({ cidr }) => parseCidr(cidr ?? '') ?? []);
}

function nameservers(): readonly Cidr[] {
  const found = readText('/etc/resolv.conf').matchAll(/^\s*nameserver\s+(\S+)/gm);
  return [...found].flatMap((match) => {
    const address = parseIpv4(match[1] ?? '');
    return address === undefined ? [] : [makeCidr(address, 32)];
  });
}

function swapBytes(hex: string): number {
  const bytes = hex.padStart(8, '0').match(/../g) ?? [];
  return Number.parseInt(bytes.toReversed().join(''), 16);
}

/** '' for what is not there. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
