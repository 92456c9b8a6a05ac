/** A fix in a RUN in exec form is the fix of the same command in shell form: whichever way the strings of the array are written, it stays an array and says the same. */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import type { Fix } from '../../../core/lint/rule.ts';
import { lintDockerfile } from '../../../core/lint/run.ts';
import { SHELL_CASES } from '../../unit/lint/shell-cases.ts';

/** Ways to write a command as an array; undefined where the way has no words for it. */
const WAYS: Readonly<Record<string, (line: string) => readonly string[] | undefined>> = {
  'handed to a shell': (line) => ['sh', '-c', line],
  'behind a word that needs escapes': (line) => ['sh', '-c', `: "\\\t" && ${line}`],
  'word by word': (line) => (/[&|;<>$`'"\\(){}*?\n]/.test(line) ? undefined : line.split(' ')),
};

describe('fixes in exec form', () => {
  const lines = Object.values(SHELL_CASES).flatMap(({ bad }) => bad);

  for (const [way, wordsOf] of Object.entries(WAYS)) {
    it(`are those of the shell form: ${way}`, () => {
      let nFixed = 0;
      for (const line of lines) {
        const words = wordsOf(line);
        if (words === undefined || line.includes('\n')) continue;
        for (const spelled of [JSON.stringify, escaped]) {
          const array: string = `[${words.map((word) => spelled(word)).join(',')}]`;
          for (const { ruleId, fix } of lint(array)) {
            const asLine = words.join(' ');
            const wanted = lint(asLine).find((finding) => finding.ruleId === ruleId)?.fix;
            if (fix === undefined || wanted === undefined || !isOfCommand(fix, array)) continue;
            // Read back by JSON itself: a fix that breaks the array throws here.
            const fixed = JSON.parse(applied(array, fix)) as string[];
            assert.equal(fixed.join(' '), applied(asLine, wanted), `${ruleId}: ${array}`);
            nFixed += 1;
          }
        }
      }
      assert.ok(nFixed >= 20, `${nFixed} fixes`);
    });
  }

  it('follow a string over a continued line', () => {
    const array = '["sh", "-c", "apt-get up\\\n# comment\ndate && apt-get install x"]';
    const fixes = lint(array).flatMap(({ ruleId, fix }) => (ruleId === 'DL3014' && fix ? [fix] : []));
    assert.deepEqual(
      fixes.map((fix) => applied(array, fix)),
      ['["sh", "-c", "apt-get up\\\n# comment\ndate && apt-get install -y x"]'],
    );
  });
});

const HEAD = 'FROM debian:12\nRUN ';

function lint(command: string): readonly { readonly ruleId: string; readonly fix?: Fix }[] {
  return lintDockerfile(readDockerfile(`${HEAD}${command}\n`).value, 'all');
}

/** Of those there may be others: a SHELL that is added above, an instruction that is renamed. */
function isOfCommand({ edits }: Fix, command: string): boolean {
  return edits.every(({ span }) => span.start >= HEAD.length && span.end <= HEAD.length + command.length);
}

function applied(command: string, { edits }: Fix): string {
  let text = `${HEAD}${command}`;
  for (const { span, text: replacement } of edits.toReversed())
    text = text.slice(0, span.start) + replacement + text.slice(span.end);
  return text.slice(HEAD.length);
}

/** As a string of JSON in which every other character is an escape. */
function escaped(word: string): string {
  const units = Array.from(word, (unit, at) =>
    at % 2 === 0 && unit.length === 1
      ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
      : JSON.stringify(unit).slice(1, -1),
  );
  return `"${units.join('')}"`;
}
