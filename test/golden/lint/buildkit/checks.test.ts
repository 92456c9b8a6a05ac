/** Our checks say what BuildKit's say: same rule, same line, same text (recorded, see record.ts). */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type Answer, ourChecks } from './answers.ts';
import { CHECK_CASES, type CheckCase } from './cases.ts';

interface Recorded {
  readonly cases: readonly { readonly asked: CheckCase; readonly answer: Answer }[];
}

describe("BuildKit's checks", () => {
  for (const [name, asked] of Object.entries(CHECK_CASES)) {
    it(`${name}: says what BuildKit says`, () => {
      // Written by record.ts, reviewed as a diff.
      const { cases } = JSON.parse(
        readFileSync(join(import.meta.dirname, `${name}.json`), 'utf8'),
      ) as Recorded;
      assert.deepEqual(
        cases.map((one) => one.asked),
        asked,
        'cases and recording differ: record again',
      );
      for (const one of cases) assert.deepEqual(ourChecks(one.asked), one.answer, JSON.stringify(one.asked));
    });
  }
});
