/** Build progress for people: every line under its step, however the output arrives. */

import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';

import { type BuildEvent, CHECK_WARNING } from '../../../core/protocol/build.ts';
import { makeProgress } from '../../../client/cli/build/progress.ts';
import type { ProgressKind } from '../../../client/cli/build/progress-kinds.ts';
import { until } from '../../support/until.ts';

function written(events: readonly BuildEvent[], kind: ProgressKind = 'plain'): string {
  const stderr = new PassThrough();
  const progress = makeProgress(kind, {
    stdin: Readable.from([]),
    stdout: new PassThrough(),
    stderr,
    env: {},
    cwd: '/',
    signal: new AbortController().signal,
  });
  events.forEach(progress);
  return String(stderr.read()).replace(/(?<=^built in )[\d.]+s$/m, 'TIME');
}

function told(pieces: readonly (readonly [line: number, text: string])[], kind?: ProgressKind): string {
  const logs = pieces.map(
    ([line, text]): BuildEvent => ({ seq: 0, type: 'log', stage: 'a', line, stream: 'stdout', text }),
  );
  return written([...logs, { seq: 0, type: 'warning', line: 9, code: 'W', message: 'end' }], kind);
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

  it('ends the colours of a step where its output ends', () => {
    assert.equal(
      told([
        [2, '\x1b[31mred\nstill\n'],
        [3, 'plain\n'],
      ]),
      '[a:2]   \x1b[31mred\n[a:2]   still\n\x1b[0m[a:3]   plain\nwarning: line 9: end\n',
    );
  });

  it('says what checks found at the end, whether there is an image or not', () => {
    const check = { seq: 0, type: 'warning', code: CHECK_WARNING } as const;
    const one: BuildEvent = { ...check, line: 2, message: 'FromAsCasing: as' };
    const two: BuildEvent = { ...check, line: 3, message: 'JSONArgsRecommended: CMD' };
    const begin: BuildEvent = { seq: 0, type: 'begin', stage: 'a', line: 1, instruction: 'FROM x' };
    const result: BuildEvent = { seq: 0, type: 'result', image: 'sha256:1', tags: [] };
    assert.equal(
      written([one, two, begin, result]),
      '[a:1] FROM x\nbuilt in TIME\n2 warnings found (naru lint --rules buildkit shows where):\n - FromAsCasing: as (line 2)\n - JSONArgsRecommended: CMD (line 3)\n',
    );
    const error: BuildEvent = {
      seq: 0,
      type: 'error',
      file: 'f',
      line: 0,
      column: 0,
      code: 'E_CHECKS',
      message: 'no',
    };
    assert.match(written([one, begin, error]), /\n1 warning found \(.*\n - FromAsCasing: as \(line 2\)\n$/);
    assert.equal(written([begin, result]), '[a:1] FROM x\nbuilt in TIME\n');
  });

  it('tells the same when it is to choose by itself', () => {
    assert.equal(told([[2, 'one\n']], 'auto'), '[a:2]   one\nwarning: line 9: end\n');
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

  it('shows control characters of the file instead of sending them; output of commands comes as it is', () => {
    const step = { seq: 0, stage: 'a', line: 2, instruction: 'RUN \u001b[31mx\u0007' } as const;
    assert.equal(
      written([
        { ...step, type: 'begin' },
        { ...step, type: 'log', stream: 'stdout', text: '\u001b[31mred\r\n' },
        { ...step, type: 'step', state: 'CACHED', seconds: 0, bytes: 0 },
        { seq: 0, type: 'warning', line: 1, code: 'W', message: 'a\u009bb' },
      ]),
      '[a:2] RUN \\x1b[31mx\\x07\n[a:2]   \u001b[31mred\r\n\u001b[0m[a:2] CACHED RUN \\x1b[31mx\\x07\nwarning: line 1: a\\x9bb\n',
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

describe('the clock of a step', () => {
  it('shows at a terminal that a silent step goes on, and is gone before anything else is written', async () => {
    const stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 30 });
    let text = '';
    stderr.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    const progress = makeProgress('plain', {
      stdin: Readable.from([]),
      stdout: new PassThrough(),
      stderr,
      env: {},
      cwd: '/',
      signal: new AbortController().signal,
    });
    const step = { stage: 'a', line: 2, instruction: `RUN ${'x'.repeat(100)}` };
    progress({ seq: 1, type: 'begin', ...step });
    await until('the clock', () => /\r\u001B\[K\d+\.\ds \[a:2\] RUN x+$/.test(text));
    const shown = text.split('\r\u001B[K').at(-1) ?? '';
    assert.equal(shown.length, 29, 'a line that wraps could not be taken away');
    progress({ seq: 2, type: 'log', stage: 'a', line: 2, stream: 'stdout', text: 'out\n' });
    assert.ok(text.endsWith(`${shown}\r\u001B[K[a:2]   out\n`), text);
    progress({ seq: 3, type: 'step', ...step, state: 'RUN', seconds: 3, bytes: 0 });
    assert.ok(text.endsWith('[a:2] done in 3.0s\n'), text);
  });
});
