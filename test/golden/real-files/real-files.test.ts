/** Dockerfiles of public repositories are read as BuildKit of dockerd 28.5.2 reads them: the same stages, the same instructions on the same lines (goldens/readings.json, recorded by record.ts). */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { skipBecause } from '../../support/skip.ts';
import { corpusFiles, corpusFolder, readRecorded, sha256Of } from './corpus.ts';
import { readOurs } from './reading.ts';

describe('real Dockerfiles', () => {
  const recorded = readRecorded();
  const folder = corpusFolder();

  it('are all recorded', function () {
    if (folder === undefined) skipBecause(this, 'needs the folder of these Dockerfiles in NARU_CORPUS');
    assert.deepEqual(
      corpusFiles(folder).filter((name) => !recorded.has(name)),
      [],
    );
  });

  for (const [name, { sha256, ...theirs }] of recorded) {
    if (folder === undefined) continue;
    it(name, () => {
      const text = readFileSync(join(folder, name), 'utf8');
      assert.equal(sha256Of(text), sha256, 'the file is another one: record it again with record.ts');
      assert.deepEqual(readOurs(text), theirs);
    });
  }
});
