/** The history of an image reads as BuildKit writes it (recorded by record-history.ts), except that values of ARG given by the caller stay out. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { HISTORY_CASES } from './history-cases.ts';
import { planCase } from './planned-case.ts';

const recorded = JSON.parse(readFileSync(join(import.meta.dirname, 'history.json'), 'utf8')) as {
  readonly builder: string;
  readonly cases: Readonly<Record<string, readonly string[]>>;
}; // written by record-history.ts, reviewed as a diff

describe(`history as ${recorded.builder} writes it`, () => {
  for (const one of HISTORY_CASES) {
    it(one.name, async () => {
      const { plan, errors } = await planCase(one);
      assert.deepEqual(errors, []);
      const entries = plan?.target.config.history ?? [];
      const given = (one.args ?? []).filter((text) => text.includes('='));
      const wanted = recorded.cases[one.name]?.map((text) => withoutValues(text, given));
      assert.deepEqual(
        entries.map(({ created_by, empty_layer }) => `${empty_layer === true ? '-' : '+'} ${created_by}`),
        wanted,
      );
      assert.deepEqual([...new Set(entries.map(({ comment }) => comment))], ['buildkit.dockerfile.v0']);
    });
  }
});

function withoutValues(text: string, given: readonly string[]): string {
  if (!text.startsWith('- ARG ')) return text;
  return text
    .split(' ')
    .map((word) => (given.includes(word) ? word.replace(/=.*/, '') : word))
    .join(' ');
}
