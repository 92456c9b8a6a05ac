/** Build progress for people: every line under its step, however the output arrives. */

import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';

import { makeProgress } from '../../../client/cli/build/progress.ts';

function told(pieces: readonly (readonly [line: number, text: string])[]): string {
  const stderr = new PassThrough();
  const progress = makeProgress('plain', {
    stdin: Readable.from([]),
    stdout: new PassThrough(),
    stderr,
    env: {},
    cwd: '/',
    signal: new AbortController().signal,
  });
  for (const [line, text] of pieces)
    progress({ seq: 0, type: 'log', stage: 'a', line, stream: 'stdout', text });
  progress({ seq: 0, type: 'warning', line: 9, code: 'W', message: 'end' });
  return String(stderr.read());
}

describe('build progress', () => {
  it('puts the step before each line, not into the middle of one', () => {
    assert.equal(
      told([
        [2, 'on'],
        [2, 'e\ntwo\n'],
        [2, 'three\n'],
      ]),
      '[a:2]   one\n[a:2]   two\n[a:2]   three\nwarning: line 9: end\n',
    );
  });

  it('ends the line of one step before another writes', () => {
    assert.equal(
      told([
        [2, 'half'],
        [3, 'other\n'],
        [2, 'rest'],
      ]),
      '[a:2]   half\n[a:3]   other\n[a:2]   rest\nwarning: line 9: end\n',
    );
  });

  it('keeps a line end that arrives alone on its line', () => {
    assert.equal(
      told([
        [2, 'one'],
        [2, '\n'],
      ]),
      '[a:2]   one\nwarning: line 9: end\n',
    );
  });
});
