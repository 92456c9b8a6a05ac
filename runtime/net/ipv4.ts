/** IPv4 addresses as numbers, and blocks of them. Pure. */

/** A block; `base` is its lowest address as an unsigned 32-bit number. */
export interface Cidr {
  readonly base: number;
  readonly prefixLength: number;
}

/** undefined when the text is not four decimal bytes. */
export function parseIpv4(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) {
    return undefined;
  }
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function formatIpv4(address: number): string {
  return ipv4Bytes(address).join('.');
}

/** Most significant byte first. */
export function ipv4Bytes(address: number): readonly [number, number, number, number] {
  return [address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255];
}

/** `10.1.2.3/16` is the block that holds the address; undefined when it is no such text. */
export function parseCidr(text: string): Cidr | undefined {
  const [head = '', tail = '', ...rest] = text.split('/');
  const address = parseIpv4(head);
  const prefixLength = Number(tail);
  if (address === undefined || !/^\d{1,2}$/.test(tail) || prefixLength > 32 || rest.length > 0) {
    return undefined;
  }
  return makeCidr(address, prefixLength);
}

export function makeCidr(address: number, prefixLength: number): Cidr {
  const size = cidrSize({ base: 0, prefixLength });
  return { base: address - (address % size), prefixLength };
}

export function formatCidr(cidr: Cidr): string {
  return `${formatIpv4(cidr.base)}/${cidr.prefixLength}`;
}

/** How many addresses it has. */
export function cidrSize(cidr: Cidr): number {
  return 2 ** (32 - cidr.prefixLength);
}

export function cidrContains(cidr: Cidr, address: number): boolean {
  return address >= cidr.base && address < cidr.base + cidrSize(cidr);
}

export function cidrsOverlap(a: Cidr, b: Cidr): boolean {
  return cidrContains(a, b.base) || cidrContains(b, a.base);
}
