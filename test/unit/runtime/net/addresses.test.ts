/** Blocks of addresses, who gets which, and free subnets beside what the host uses. */

import assert from 'node:assert/strict';

import fc from 'fast-check';

import { AddressPool } from '../../../../runtime/net/address-pool.ts';
import {
  cidrContains,
  cidrsOverlap,
  formatCidr,
  formatIpv4,
  makeCidr,
  parseCidr,
  parseIpv4,
} from '../../../../runtime/net/ipv4.ts';
import { parseRoutes, pickSubnet } from '../../../../runtime/net/subnets.ts';

function cidr(text: string): ReturnType<typeof makeCidr> {
  const parsed = parseCidr(text);
  assert.ok(parsed, text);
  return parsed;
}

describe('ipv4', () => {
  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), (address) => assert.equal(parseIpv4(formatIpv4(address)), address)),
    );
  });

  it('refuses what is no address or block', () => {
    const wrong = ['', '1.2.3', '1.2.3.4.5', '1.2.3.256', 'a.b.c.d', '1.2.3.-4', '::1'];
    assert.deepEqual(
      wrong.map((text) => parseIpv4(text)),
      wrong.map(() => undefined),
    );
    const blocks = ['1.2.3.4', '1.2.3.4/33', '1.2.3.4/', '1.2.3.4/8/8', '1.2.3.4/x'];
    assert.deepEqual(
      blocks.map((text) => parseCidr(text)),
      blocks.map(() => undefined),
    );
  });

  it('a block begins at its lowest address', () => {
    assert.equal(formatCidr(cidr('172.17.42.1/16')), '172.17.0.0/16');
    assert.equal(formatCidr(cidr('255.255.255.255/0')), '0.0.0.0/0');
  });

  it('blocks overlap exactly when one holds an address of the other', () => {
    const block = fc.tuple(fc.nat(0xffffffff), fc.integer({ min: 0, max: 32 }));
    fc.assert(
      fc.property(block, block, (a, b) => {
        const [first, second] = [makeCidr(...a), makeCidr(...b)];
        const expected = cidrContains(first, second.base) || cidrContains(second, first.base);
        assert.equal(cidrsOverlap(first, second), expected);
      }),
    );
  });
});

describe('addresses of a network', () => {
  it('the lowest free one is given out, and used again when it is free', () => {
    const pool = new AddressPool(cidr('10.0.0.0/29'), undefined, [parseIpv4('10.0.0.1') ?? 0]);
    assert.deepEqual([pool.allocate(), pool.allocate()], ['10.0.0.2', '10.0.0.3']);
    pool.release('10.0.0.2');
    assert.deepEqual(
      [pool.claim('10.0.0.5'), pool.allocate(), pool.allocate()],
      ['10.0.0.5', '10.0.0.2', '10.0.0.4'],
    );
    assert.equal(pool.allocate(), '10.0.0.6');
    assert.throws(() => pool.allocate(), { message: /no available IPv4 addresses/ });
  });

  it('a range limits what is given out, not what may be asked for', () => {
    const pool = new AddressPool(cidr('10.0.0.0/24'), cidr('10.0.0.128/31'), []);
    assert.deepEqual([pool.allocate(), pool.allocate()], ['10.0.0.128', '10.0.0.129']);
    assert.throws(() => pool.allocate(), { code: 'E_NO_ADDRESS' });
    assert.equal(pool.claim('10.0.0.7'), '10.0.0.7');
    assert.throws(() => pool.claim('10.0.0.7'), { message: 'Address already in use' });
    assert.throws(() => pool.claim('10.0.1.7'), { message: /no configured subnet contains IP address/ });
  });
});

describe('free subnets', () => {
  it('are taken in order, past everything in use', () => {
    const used = ['172.17.0.0/16', '172.18.9.0/24', '172.19.0.1/32'].map(cidr);
    assert.equal(formatCidr(pickSubnet(used) ?? cidr('0.0.0.0/0')), '172.20.0.0/16');
    const allLarge = [...used, cidr('172.16.0.0/12')];
    assert.equal(formatCidr(pickSubnet(allLarge) ?? cidr('0.0.0.0/0')), '192.168.0.0/20');
    assert.equal(pickSubnet([cidr('128.0.0.0/1')]), undefined);
  });

  it('routes of the kernel are read, the default route aside', () => {
    const table = [
      'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT',
      'eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0',
      'eth0\t000012AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0',
      '',
    ];
    assert.deepEqual(parseRoutes(table.join('\n')).map(formatCidr), ['172.18.0.0/16']);
  });
});
