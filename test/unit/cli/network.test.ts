/** `naru network create`: what the engine is asked for. */

import assert from 'node:assert/strict';

import { type FakeEngine, fakeEngine } from '../driver/fake-engine.ts';
import { runNaru } from '../../support/naru-cli.ts';

describe('naru network create', () => {
  let fake: FakeEngine;

  before(async () => {
    fake = await fakeEngine(() => ({ status: 201, body: { Id: 'c0ffee' } }));
  });
  beforeEach(() => {
    fake.received.length = 0;
  });
  after(() => fake.close());

  it('sends the range of addresses', async () => {
    const flags = ['--subnet', '172.30.0.0/16', '--ip-range', '172.30.5.0/24', '--gateway', '172.30.0.9'];
    const { status, stderr } = await runNaru(fake.host, ['network', 'create', ...flags, 'net']);
    assert.equal(status, 0, stderr);
    assert.deepEqual(JSON.parse(fake.received.at(-1)?.body ?? '').IPAM.Config, [
      { Subnet: '172.30.0.0/16', Gateway: '172.30.0.9', IPRange: '172.30.5.0/24' },
    ]);
  });

  for (const flag of ['--ip-range=172.30.5.0/24', '--gateway=172.30.0.9']) {
    it(`wants a subnet for ${flag}, and asks the engine nothing`, async () => {
      const { status, stderr } = await runNaru(fake.host, ['network', 'create', flag, 'net']);
      assert.equal(status, 1);
      assert.match(stderr, /^naru: every ip-range or gateway must have a corresponding subnet\n/);
      assert.deepEqual(fake.received, []);
    });
  }
});
