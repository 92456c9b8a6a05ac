/** Every instruction has a file of its name and is in the index, in order. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { INSTRUCTIONS } from '../../core/dockerfile/instructions/index.ts';

const FOLDER = join(import.meta.dirname, '../../core/dockerfile/instructions');

describe('instructions', () => {
  const names = INSTRUCTIONS.map(({ name }) => name);

  it('are listed once, in order, each with a file of its name', () => {
    assert.deepEqual(names, [...new Set(names)].sort());
    const files = readdirSync(FOLDER);
    assert.deepEqual(
      names.filter((name) => !files.includes(`${name.toLowerCase()}.ts`)),
      [],
    );
  });

  it('are all listed that a file defines', () => {
    const defined = readdirSync(FOLDER)
      .flatMap((file) => [
        ...readFileSync(join(FOLDER, file), 'utf8').matchAll(
          /^export const \w+: InstructionSpec = \{\n {2}name: '(\w+)'/gm,
        ),
      ])
      .map((match) => match[1]);
    assert.deepEqual(new Set(defined), new Set(names));
  });
});
