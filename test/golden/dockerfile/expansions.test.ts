/**
 * Variables expand as BuildKit expands them: 400 random texts and those with patterns, recorded, faults included (see record-expansions.ts).
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expand } from '../../../core/dockerfile/expansion.ts';
import { VARIABLES } from './expansion-sources.ts';
import { PATTERN_SOURCES, PATTERN_VARIABLES } from './pattern-sources.ts';

type Records = readonly { readonly source: string; readonly text?: string; readonly fault?: string }[];

interface Recorded {
  readonly records: Records;
  readonly patterns: Records;
}

describe('expansion', () => {
  const file = readFileSync(join(import.meta.dirname, 'expansions.json'), 'utf8');
  // Written by record-expansions.ts, reviewed as a diff.
  const { records, patterns } = JSON.parse(file) as Recorded;

  it('gives what BuildKit gives', () => {
    assert.equal(records.length, 400);
    assert.deepEqual(expanded(records, VARIABLES), records);
  });

  it('takes patterns as BuildKit takes them', () => {
    assert.deepEqual(
      patterns.map(({ source }) => source),
      PATTERN_SOURCES,
    );
    assert.deepEqual(expanded(patterns, PATTERN_VARIABLES), patterns);
  });
});

function expanded(records: Records, variables: Readonly<Record<string, string>>): Records {
  return records.map(({ source }) => {
    const { text, fault } = expand(source, { escape: '\\', lookup: (name) => variables[name] });
    return fault === undefined ? { source, text } : { source, fault: fault.message };
  });
}
