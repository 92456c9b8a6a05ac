/** Requests to the kernel byte by byte; headers and attributes as iproute2 6.1 sends them (strace), links by name where it takes their number. */

import assert from 'node:assert/strict';

import { addAddress, setDefaultRoute, setLinkUp } from '../../../../runtime/net/route-messages.ts';

const CASES = [
  [setLinkUp('lo'), 16, 0, '00000000 00000000 01000000 01000000 07000300 6c6f0000'],
  [
    addAddress(7, '172.17.0.2', 16),
    20,
    0x600,
    '02100000 07000000 08000200 ac110002 08000100 ac110002 08000400 ac11ffff',
  ],
  [setDefaultRoute('172.17.0.1'), 24, 0x500, '02000000 fe030001 00000000 08000500 ac110001'],
] as const;

describe('route messages', () => {
  for (const [request, type, flags, bytes] of CASES) {
    it(request.what, () => {
      assert.deepEqual(
        { type: request.type, flags: request.flags, body: Buffer.from(request.body).toString('hex') },
        { type, flags, body: bytes.replaceAll(' ', '') },
      );
    });
  }
});
