/**
 * Made-up files of hostile shape are read as BuildKit reads them: refused alike, or with instructions on the same lines (see record-verdicts.ts).
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readOurs, type Verdict } from './verdicts.ts';

describe('made-up files', () => {
  const recorded = readFileSync(join(import.meta.dirname, 'verdicts.json'), 'utf8');
  // Written by record-verdicts.ts, reviewed as a diff.
  const { files } = JSON.parse(recorded) as { files: { text: string; verdict: Verdict }[] };

  for (const { text, verdict } of files) {
    const name = `${verdict.error === null ? 'accepts' : 'refuses'} ${JSON.stringify(text)}`;
    it(name, () => assert.deepEqual(readOurs(text, verdict), verdict));
  }
});
