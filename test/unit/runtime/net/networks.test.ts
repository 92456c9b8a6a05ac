/** Docker's rules and words for networks, with networking that does not touch the kernel. */

import assert from 'node:assert/strict';

import { NaruError } from '../../../../core/errors.ts';
import { matchesNetwork } from '../../../../runtime/engine/networks/filters.ts';
import { defineNetwork, type NetworkRequest } from '../../../../runtime/net/define-network.ts';
import { EngineNames } from '../../../../runtime/net/engine-names.ts';
import { mayDrop } from '../../../../runtime/net/foreign-firewall.ts';
import { parseNameservers } from '../../../../runtime/net/host-resolvers.ts';
import type { Network } from '../../../../runtime/net/network.ts';

const NAMES = new EngineNames('0123456789ab');

const REQUEST: NetworkRequest = {
  name: 'net1',
  driver: '',
  isInternal: false,
  isAttachable: false,
  hasIpv6: false,
  labels: { tier: 'web' },
  options: {},
  subnets: [{ subnet: '10.1.0.0/16' }],
};

function define(change: Partial<NetworkRequest>, existing: readonly Network[] = []): Network {
  return defineNetwork({ ...REQUEST, ...change }, existing, NAMES);
}

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof NaruError);
    return `${error.kind}: ${error.message}`;
  }
  return 'accepted';
}

describe('defining a network', () => {
  it('fills in bridge name and gateway', () => {
    const network = define({});
    assert.match(network.id, /^[0-9a-f]{64}$/);
    assert.deepEqual(network.bridge, {
      interfaceName: `nrb01234${network.id.slice(0, 7)}`,
      subnet: '10.1.0.0/16',
      gateway: '10.1.0.1',
      auxAddresses: {},
      isSubnetGiven: true,
    });
  });

  it("keeps names within the kernel's 15 bytes", () => {
    const id = 'f'.repeat(64);
    assert.deepEqual([NAMES.bridge(id).length, NAMES.veth(id).length], [15, 15]);
  });

  it('picks a subnet that no other network has', () => {
    const first = define({ subnets: [] });
    const second = define({ subnets: [] }, [first]);
    assert.notEqual(first.bridge?.subnet, second.bridge?.subnet);
    assert.equal(first.bridge?.isSubnetGiven, false);
  });

  it("refuses what cannot be, in Docker's words", () => {
    const cases: readonly (readonly [Partial<NetworkRequest>, string])[] = [
      [{ driver: 'weave' }, 'not-found: plugin "weave" not found'],
      [{ hasIpv6: true }, 'unimplemented: IPv6 networks are not implemented by this engine'],
      [
        { subnets: [{ subnet: '10.1.2.3' }] },
        'invalid-argument: invalid network config: invalid subnet 10.1.2.3: invalid CIDR block notation',
      ],
      [
        { subnets: [{ subnet: '10.2.0.0/16', gateway: '10.3.0.1' }] },
        'invalid-argument: invalid network config: invalid gateway 10.3.0.1: parent subnet is 10.2.0.0/16',
      ],
      [
        { subnets: [{ subnet: '10.2.0.0/16', ipRange: '10.3.0.0/24' }] },
        'invalid-argument: invalid network config: invalid ip-range 10.3.0.0/24: parent subnet is 10.2.0.0/16',
      ],
      [{}, 'forbidden: invalid pool request: Pool overlaps with other one on this address space'],
    ];
    const existing = [define({})];
    for (const [change, words] of cases)
      assert.equal(
        refusal(() => define(change, existing)),
        words,
      );
  });
});

describe('filters of networks', () => {
  const network = { ...define({}), members: [] };

  it('match as Docker does', () => {
    const cases: readonly (readonly [string, string, boolean])[] = [
      ['name', 'net', true],
      ['name', 'other', false],
      ['id', network.id.slice(0, 5), true],
      ['driver', 'bridge', true],
      ['label', 'tier', true],
      ['label', 'tier=db', false],
      ['label!', 'tier', false],
      ['type', 'custom', true],
      ['type', 'builtin', false],
      ['dangling', 'true', true],
      ['scope', 'swarm', false],
    ];
    for (const [key, value, expected] of cases) {
      assert.equal(matchesNetwork(network, new Map([[key, [value]]])), expected, `${key}=${value}`);
    }
  });

  it('refuse unknown keys and values', () => {
    for (const [key, value] of [
      ['colour', 'red'],
      ['type', 'round'],
      ['dangling', 'perhaps'],
    ] as const) {
      assert.match(
        refusal(() => matchesNetwork(network, new Map([[key, [value]]]))),
        /^invalid-argument: invalid/,
      );
    }
  });
});

describe('the host', () => {
  it('has the name servers of its resolv.conf', () => {
    const text =
      '# comment\nnameserver 192.0.2.1\n nameserver\tfe80::1%eth0\nsearch a b\n#nameserver 9.9.9.9\n';
    assert.deepEqual(parseNameservers(text), ['192.0.2.1', 'fe80::1%eth0']);
  });

  it('may drop what is forwarded, by policy or by rule', () => {
    const chain = (policy: string, rule: string): string =>
      `table ip filter {\n chain FORWARD {\n type filter hook forward priority filter; policy ${policy};\n ${rule}\n }\n}`;
    assert.deepEqual(
      [
        chain('accept', ''),
        chain('drop', ''),
        chain('accept', 'jump DOCKER-USER'),
        chain('accept', 'reject'),
      ].map(mayDrop),
      [false, true, true, true],
    );
  });
});
