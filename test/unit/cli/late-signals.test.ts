/** A process that something keeps alive after its command has ended: a signal ends it, as it does without us. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

const IO = pathToFileURL(join(import.meta.dirname, '../../../client/cli/io.ts')).href;
const PROGRAM = `
const { processIo } = await import(${JSON.stringify(IO)});
const io = processIo();
const stop = io.takeSignals?.(() => undefined);
stop?.();
io.letGo();
setInterval(() => undefined, 60_000);
console.log('ready');
`;

describe('signals after a command', () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    it(`${signal} ends the process`, async () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      child.kill(signal);
      assert.deepEqual(await once(child, 'exit'), [null, signal]);
    });
  }
});
