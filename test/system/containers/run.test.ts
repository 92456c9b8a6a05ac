/** Running containers as `docker run` does: streams, exit codes, what the process finds around it. Needs root. */

import assert from 'node:assert/strict';

import { makeEngine, removeEngine, run, type TestEngine } from './engine.ts';

describe('containers: run', () => {
  let engine: TestEngine;
  before(async () => {
    engine = await makeEngine();
  });
  after(() => removeEngine(engine));

  it('tells stdout, stderr and the exit code apart', async () => {
    const ran = await run(engine, ['sh', '-c', 'echo out; echo err >&2; exit 42']);
    assert.deepEqual(ran, { exitCode: 42, stdout: 'out\n', stderr: 'err\n' });
  });
});
