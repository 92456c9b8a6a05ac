/** Which addresses of a network are taken. In memory: what runs tells its addresses again after a restart. */

import { NaruError } from '../../core/errors.ts';
import { type Cidr, cidrContains, cidrSize, formatIpv4, parseIpv4 } from './ipv4.ts';

export class AddressPool {
  private readonly subnet: Cidr;
  private readonly range: Cidr;
  private readonly taken = new Set<number>();

  /** `reserved` are the gateway and auxiliary addresses; the first and the last of the subnet are never given out. */
  constructor(subnet: Cidr, range: Cidr | undefined, reserved: readonly number[]) {
    this.subnet = subnet;
    this.range = range ?? subnet;
    for (const address of reserved) this.taken.add(address);
    this.taken.add(subnet.base);
    this.taken.add(subnet.base + cidrSize(subnet) - 1);
  }

  /**
   * The lowest free address of the range, as Docker gives them out.
   *
   * @throws NaruError kind "unavailable" when all are taken
   */
  allocate(): string {
    const end = this.range.base + cidrSize(this.range);
    for (let address = this.range.base; address < end; address += 1) {
      if (this.taken.has(address)) continue;
      this.taken.add(address);
      return formatIpv4(address);
    }
    throw new NaruError(
      'unavailable',
      'E_NO_ADDRESS',
      "no available IPv4 addresses on this network's address pools",
    );
  }

  /**
   * Takes exactly this address; it may lie outside the range, as with Docker.
   *
   * @throws NaruError kind "invalid-argument" outside the subnet, "forbidden" when it is taken
   */
  claim(text: string): string {
    const address = parseIpv4(text);
    if (address === undefined || !cidrContains(this.subnet, address)) {
      throw new NaruError(
        'invalid-argument',
        'E_ADDRESS_OUTSIDE',
        `invalid endpoint settings: no configured subnet contains IP address ${text}`,
      );
    }
    if (this.taken.has(address)) {
      throw new NaruError('forbidden', 'E_ADDRESS_IN_USE', 'Address already in use');
    }
    this.taken.add(address);
    return text;
  }

  release(text: string): void {
    const address = parseIpv4(text);
    if (address !== undefined) this.taken.delete(address);
  }
}
