/** A container that ignores signals: the third Ctrl-C ends `naru` itself, and says so. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

const IO = pathToFileURL(join(import.meta.dirname, '../../../client/cli/io.ts')).href;
const PROGRAM = `
const { processIo } = await import(${JSON.stringify(IO)});
processIo().takeSignals?.((name) => console.log(name));
setInterval(() => undefined, 60_000);
console.log('ready');
`;

describe('signals passed on to a container', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // docker's CLI 28.5.2: exit code 1 and these words.
    it(`ends by itself at the third ${signal}`, async () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const passed: string[] = [];
      const [stderr, exited] = [text(child.stderr), once(child, 'exit')];
      for await (const line of createInterface(child.stdout)) {
        if (line !== 'ready') passed.push(line);
        child.kill(signal);
      }
      assert.deepEqual(passed, [signal, signal]);
      assert.equal(await stderr, '\nnaru: got 3 SIGTERM/SIGINTs, forcefully exiting\n');
      assert.deepEqual(await exited, [1, null]);
    });
  }
});
