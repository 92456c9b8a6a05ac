/** The hand-made faults of test/mutants: each can be put in, and its test is there. */

import assert from 'node:assert/strict';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'test/mutants');

interface Fault {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly test: readonly string[];
}

describe('hand-made faults', () => {
  const faults = readdirSync(FOLDER).flatMap(
    (name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Fault[], // our own files
  );

  it('change what stands once in their file', () => {
    const stale = faults.filter(({ file, from, to }) => {
      return from === to || readFileSync(join(ROOT, file), 'utf8').split(from).length !== 2;
    });
    assert.deepEqual(
      stale.map(({ name }) => name),
      [],
    );
  });

  it('have names of their own, and tests that are there', () => {
    assert.equal(new Set(faults.map(({ name }) => name)).size, faults.length);
    const missing = faults.flatMap(({ name, test }) =>
      test
        .flatMap((part) => part.split(' '))
        .filter((word) => word.endsWith('.ts') && globSync(word, { cwd: ROOT }).length === 0)
        .map((word) => `${name}: ${word}`),
    );
    assert.deepEqual(missing, []);
  });
});
