/**
 * Records how BuildKit reads the files of the corpus: `DOCKER_HOST=… node test/golden/real-files/record.ts`, with buildx.
 * Nothing is pulled or built, so that the engine needs no network; a file takes two seconds.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { corpusFiles, corpusFolder, type RecordedReading, sha256Of, writeRecorded } from './corpus.ts';
import { readTheirs } from './reading.ts';

const corpus = corpusFolder();
if (corpus === undefined) throw new Error('there is no corpus: name its folder in NARU_CORPUS');
const todo = [...corpusFiles(corpus)];
const readings = new Map<string, RecordedReading>();
await Promise.all([record(corpus), record(corpus)]);
writeRecorded(readings);
console.log(`${readings.size} files recorded`);

async function record(corpus: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'naru-real-files-'));
  try {
    for (let name = todo.shift(); name !== undefined; name = todo.shift()) {
      const text = readFileSync(join(corpus, name), 'utf8');
      readings.set(name, { sha256: sha256Of(text), ...(await readTheirs(text, folder)) });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
