/** What is told of a git that failed: its own words, without what only moves on a terminal, and without passwords. */

import assert from 'node:assert/strict';

import { gitFailure } from '../../../runtime/build/git/command.ts';

describe('a failure of git', () => {
  const cases: Readonly<Record<string, readonly [stderr: string, told: string]>> = {
    'ends its lines as a terminal wants them': [
      'Permission denied.\r\nfatal: no\r\n',
      'Permission denied.\nfatal: no',
    ],
    'overwrites its progress': [
      'remote: Counting:  50%\rremote: Counting: 100%\rremote: Counting: done.\nfatal: early EOF\n',
      'remote: Counting: done.\nfatal: early EOF',
    ],
    'names a password': [
      "fatal: unable to access 'https://me:pw@h/x'",
      "fatal: unable to access 'https://me:xxxxx@h/x'",
    ],
  };
  for (const [name, [stderr, told]] of Object.entries(cases)) {
    it(name, () => {
      const { message } = gitFailure('fetch', { exitCode: 128, signal: undefined, stdout: '', stderr });
      assert.equal(message, `fetch: git stderr:\n${told}`);
    });
  }
});
