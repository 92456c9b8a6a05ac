/**
 * Variables expand as BuildKit expands them: 400 recorded texts, faults included (see record-expansions.ts).
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expand } from '../../../core/dockerfile/expansion.ts';
import { VARIABLES } from './expansion-sources.ts';

interface Recorded {
  readonly records: readonly { readonly source: string; readonly text?: string; readonly fault?: string }[];
}

describe('expansion', () => {
  it('gives what BuildKit gives', () => {
    const file = readFileSync(join(import.meta.dirname, 'expansions.json'), 'utf8');
    // Written by record-expansions.ts, reviewed as a diff.
    const { records } = JSON.parse(file) as Recorded;
    const ours = records.map(({ source }) => {
      const { text, fault } = expand(source, { escape: '\\', lookup: (name) => VARIABLES[name] });
      return fault === undefined ? { source, text } : { source, fault: fault.message };
    });
    assert.equal(records.length, 400);
    assert.deepEqual(ours, records);
  });
});
