/** The question before something is removed, answered through a pipe. */

import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';

import { confirm } from '../../../client/cli/confirm.ts';
import { ExitWith } from '../../../client/cli/exit.ts';

const CASES: readonly (readonly [answer: string, isTaken: boolean])[] = [
  ['y\n', true],
  ['Yes\n', true],
  ['y', true],
  ['n\n', false],
  ['\n', false],
  ['', false],
];

describe('the question before something is removed', () => {
  for (const [answer, isTaken] of CASES) {
    it(`takes ${JSON.stringify(answer)} for ${isTaken ? 'yes' : 'no'}`, async () => {
      const stdin = new PassThrough();
      const stderr = new PassThrough();
      const signal = new AbortController().signal;
      const io = { stdin, stderr, stdout: new PassThrough(), env: {}, cwd: '/', signal };
      stdin.end(answer);
      const code = await confirm(io, 'Remove all?', false).then(
        () => undefined,
        (error: unknown) => (error instanceof ExitWith ? error.code : error),
      );
      stderr.end();
      const told = await text(stderr);
      assert.ok(told.startsWith('Remove all? (y/N) '), told);
      assert.equal(told.endsWith('nothing was removed\n'), !isTaken);
      assert.equal(code, isTaken ? undefined : 0);
    });
  }

  it('is not asked of who forces it', async () => {
    const stderr = new PassThrough();
    const signal = new AbortController().signal;
    const io = { stdin: new PassThrough(), stderr, stdout: new PassThrough(), env: {}, cwd: '/', signal };
    await confirm(io, 'Remove all?', true);
    assert.equal(stderr.read(), null);
  });
});
