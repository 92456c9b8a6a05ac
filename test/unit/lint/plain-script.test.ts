/** Scripts that are read without the parser: which they are, and that they hold what the parser finds in them. */

import assert from 'node:assert/strict';

import { readPlainScript } from '../../../core/lint/shell/plain-script.ts';
import { parseScript } from '../../../core/lint/shell/parsed-script.ts';
import { readShell, type ShellScript } from '../../../core/lint/shell/script.ts';
import { makeRandom } from '../../bench/random.ts';

const PLAIN: readonly string[] = [
  '',
  ' \t\n',
  'make',
  ' make  -j4\tall ',
  'apt-get update && apt-get install -y --no-install-recommends curl=7.88 && rm -rf /var/lib/apt/lists/*',
  'a | b || c; d\n\ne &&\n f;',
  'export A=1 B=2',
  'exec busybox wget x',
  '/usr/bin/a -- b@1,2 %c +d',
];

/** For the parser: it knows what they mean, or what is wrong with them. */
const OTHER: readonly string[] = [
  'a "b"',
  "a 'b'",
  'a \\b',
  'a $b',
  'a `b`',
  'a # b',
  'a > b',
  'a < b',
  'a (b)',
  'a {b}',
  'a [b]',
  'a b?',
  'a ~b',
  'a !b',
  'a ^b',
  'a\rb',
  'a é',
  'A=1',
  'A=1 b',
  '*.sh',
  'a & b',
  'a && b &',
  '&& a',
  '| a',
  '; a',
  'a && && b',
  'a ;; b',
  'a | | b',
  'a &&',
  'a |',
  'a ||\n',
  'if a; then b; fi',
  'a; for b in c',
  'while a',
  'a; do b',
  'a |& b',
];

/** What scripts are made of at random. */
const PIECES: readonly string[] = [
  ...'a apt-get b=1 -x --y=z -abc *.c exec busybox command /usr/bin/x export 1 : . % + @ a,b - --'.split(' '),
  ...'if then fi do done for in while case esac time function select && || | ; ;; &'.split(' '),
  ' ',
  '\t',
  '\n',
];

describe('scripts of plain words', () => {
  for (const text of PLAIN) {
    it(`reads ${JSON.stringify(text)}`, () => {
      assert.notEqual(readPlainScript(text), undefined);
      checkSame(text);
    });
  }

  for (const text of OTHER) {
    it(`leaves ${JSON.stringify(text)} to the parser`, () => assert.equal(readPlainScript(text), undefined));
  }

  it('says of any of them what the parser says', () => {
    const random = makeRandom(1);
    let nPlain = 0;
    for (let nth = 0; nth < 10_000; nth += 1) {
      const pieces = Array.from({ length: 1 + Math.floor(random() * 8) }, () => {
        const piece = PIECES[Math.floor(random() * PIECES.length)] ?? '';
        return random() < 0.7 ? `${piece} ` : piece;
      });
      const text = pieces.join('');
      if (readPlainScript(text) === undefined) continue;
      nPlain += 1;
      checkSame(text);
    }
    assert.ok(nPlain > 1000, `${nPlain} were plain`);
  });
});

function checkSame(text: string): void {
  const line = { text, sourceOffset: (at: number) => 100 + at };
  assert.deepEqual(contentOf(readShell(line)), contentOf(readShell(line, parseScript)), JSON.stringify(text));
}

function contentOf({ commands, pipes }: ShellScript): unknown {
  return {
    pipes,
    commands: commands.map(({ args, flags, name, program, span }) => ({
      words: [name, ...args].map((word) => ({ value: word.value, text: word.text, span: word.span })),
      flags,
      program,
      span,
    })),
  };
}
