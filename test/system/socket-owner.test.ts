/** Who may use the socket of an engine that was started by sudo for somebody who logged in over SSH. Needs root. */

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';

import { startEngine } from '../support/engine.ts';
import { requireRoot } from '../support/skip.ts';

const NOBODY = 65534;

describe('--socket-owner', function () {
  this.timeout(30_000);

  it('gives the socket to that user alone', async function () {
    requireRoot(this);
    const engine = await startEngine({ args: ['--socket-owner', String(NOBODY)] });
    try {
      const { uid, mode } = statSync(engine.socketPath);
      assert.deepEqual([uid, mode & 0o777], [NOBODY, 0o600]);
    } finally {
      await engine.stop();
    }
  });
});
