/** What is pinned outside package-lock.json agrees with it. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

describe('pins', () => {
  it('the Node that is fetched for the engine is the one that tests run on', () => {
    // npm writes the lockfile.
    const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Record<string, { version: string; integrity: string } | undefined>;
    };
    const source = readFileSync('client/driver/node/engine-node.ts', 'utf8');
    for (const arch of ['x64', 'arm64']) {
      const locked = lock.packages[`node_modules/node-linux-${arch}`];
      if (locked === undefined) continue;
      assert.ok(source.includes(`'${locked.version}'`), `version of node-linux-${arch}`);
      assert.ok(source.includes(locked.integrity), `integrity of node-linux-${arch}`);
    }
  });
});
