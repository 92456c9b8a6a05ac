/** Docker's arithmetic of capabilities. */

import assert from 'node:assert/strict';

import { type CapabilityRequest, chooseCapabilities } from '../../../runtime/oci-runtime/capabilities.ts';

const ALL = 0x1ffffffffffn;
const DEFAULTS =
  'CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP NET_BIND_SERVICE NET_RAW SYS_CHROOT MKNOD AUDIT_WRITE SETFCAP';

/** Names without CAP_, space separated. */
function choose(request: Partial<CapabilityRequest>): string {
  const names = chooseCapabilities({ privileged: false, add: [], drop: [], boundingMask: ALL, ...request });
  return names.map((name) => name.slice(4)).join(' ');
}

describe('capabilities', () => {
  const cases: readonly [string, Partial<CapabilityRequest>, string | number][] = [
    ['gives the default set', {}, DEFAULTS],
    [
      'adds and drops',
      { add: ['sys_time'], drop: ['CAP_CHOWN', 'mknod'] },
      DEFAULTS.replace('CHOWN ', '').replace('MKNOD', 'SYS_TIME'),
    ],
    ['drops all but the added', { drop: ['ALL'], add: ['NET_ADMIN'] }, 'NET_ADMIN'],
    ['gives all', { add: ['all'] }, 41],
    ['gives all but the dropped', { add: ['ALL'], drop: ['SYS_ADMIN', 'ALL'] }, 40],
    ['gives all to the privileged', { privileged: true, drop: ['CHOWN'] }, 41],
    ['gives nothing the engine lacks', { privileged: true, boundingMask: 0x1fffeffffffn }, 40],
  ];
  for (const [name, request, expected] of cases) {
    it(name, () => {
      const chosen = choose(request);
      if (typeof expected === 'number') assert.equal(chosen.split(' ').length, expected);
      else assert.equal(chosen, expected);
    });
  }

  it("refuses unknown names in Docker's words", () => {
    assert.throws(() => choose({ add: ['FOO'] }), /invalid CapAdd: unknown capability: "CAP_FOO"/);
    assert.throws(() => choose({ drop: ['bar'] }), /invalid CapDrop: unknown capability: "CAP_BAR"/);
  });
});
