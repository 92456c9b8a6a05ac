/** The language server started by hand. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const SERVER = join(import.meta.dirname, '../../dist/server.cjs');

describe('the language server without --stdio', () => {
  for (const given of [[], ['--help'], ['--socket']]) {
    it(`says in one line how to start it: ${given.join(' ')}`, () => {
      const { status, stderr, stdout } = spawnSync(process.execPath, [SERVER, ...given], {
        encoding: 'utf8',
      });
      assert.deepEqual(
        { status, stderr, stdout },
        {
          status: 2,
          stderr: 'naru: this is a language server for editors; start it as node server.cjs --stdio\n',
          stdout: '',
        },
      );
    });
  }
});
