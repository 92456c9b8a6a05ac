/** Repair in rounds: what comes out, and that the edits it answers make just that of the given text. */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { repair } from '../../../core/lint/repair.ts';
import type { Finding } from '../../../core/lint/rule.ts';
import { lintDockerfile } from '../../../core/lint/run.ts';
import { RULES } from '../../../core/lint/rules/index.ts';

const lint = (text: string): readonly Finding[] => lintDockerfile(readDockerfile(text).value);

describe('repair', () => {
  it('goes on until nothing is left, in small edits of the given text', () => {
    const text = 'FROM a:1 as b\nRUN apt-get install a=1\nUSER 1\n';
    const { edits, nApplied, text: fixed } = repair(text, lint, 'all');
    assert.equal(fixed, 'FROM a:1 AS b\nRUN apt-get install --no-install-recommends -y a=1\nUSER 1\n');
    assert.deepEqual(
      edits.map(({ end, start, text: by }) => [text.slice(start, end), by]),
      [
        ['as', 'AS'],
        ['', edits[1]?.text],
      ],
    );
    assert.equal(nApplied, 3);
    assert.equal(withEdits(text, edits), fixed);
  });

  it('leaves out what is not sure', () => {
    const text = 'FROM a:1\nRUN apt-get install a=1\nUSER 1\n';
    assert.equal(repair(text, lint).text, 'FROM a:1\nRUN apt-get install -y a=1\nUSER 1\n');
  });

  it('answers no edits where nothing can be repaired', () => {
    assert.deepEqual(repair('FROM a:1\n', lint), {
      text: 'FROM a:1\n',
      nApplied: 0,
      changesPlan: false,
      edits: [],
    });
  });

  it('ends with fixes that undo each other', () => {
    const swap = (text: string): readonly Finding[] => [
      finding({ start: 0, end: 1, text: text.startsWith('a') ? 'b' : 'a' }),
    ];
    assert.equal(repair('ab', swap).nApplied, 20);
  });

  it('cuts through what an earlier round brought, at both ends of the text', () => {
    const edits = [
      [{ start: 0, end: 0, text: '[ab]' }],
      [{ start: 2, end: 4, text: '' }],
      [
        { start: 0, end: 2, text: '' },
        { start: 3, end: 3, text: '!' },
      ],
    ];
    let nth = 0;
    const script = (): readonly Finding[] => (edits[nth++] ?? []).map(finding);
    const { edits: changes, text } = repair('x', script);
    assert.equal(text, 'x!'); // by way of [ab]x and [ax
    assert.deepEqual(changes, [{ start: 1, end: 1, text: '!' }]);
  });

  it('answers edits that make the repaired text, for every example of every rule', () => {
    for (const { examples } of RULES) {
      for (const text of [...examples.bad, ...examples.good]) {
        const { edits, text: fixed } = repair(text, lint);
        assert.equal(withEdits(text, edits), fixed);
      }
    }
  });
});

type Edit = { readonly start: number; readonly end: number; readonly text: string };

function withEdits(text: string, edits: readonly Edit[]): string {
  return edits
    .toReversed()
    .reduce((all, { end, start, text: by }) => all.slice(0, start) + by + all.slice(end), text);
}

function finding({ end, start, text }: Edit): Finding {
  return {
    ruleId: 'R1',
    family: 'naru',
    aliases: [],
    severity: 'info',
    message: 'm',
    span: { start, end },
    line: 0,
    fix: { title: 'Change', edits: [{ span: { start, end }, text }] },
  };
}
