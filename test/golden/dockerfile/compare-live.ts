/**
 * Made-up Dockerfiles, read by us and by a real BuildKit: the same are refused, with the same line and text,
 * and the accepted ones have their instructions on the same lines.
 * `DOCKER_HOST=unix:///… node test/golden/dockerfile/compare-live.ts [seed] [count]`; exit code 1 if any differ.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { madeUpFiles } from './made-up-files.ts';
import { askBuildkit, readOurs } from './verdicts.ts';

const [seed = '1', count = '200'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'naru-compare-'));
let nDifferent = 0;
let nRefused = 0;
try {
  for (const text of madeUpFiles(Number(count), Number(seed))) {
    const theirs = askBuildkit(text, folder);
    const ours = readOurs(text, theirs);
    nRefused += theirs.error === null ? 0 : 1;
    if (JSON.stringify(ours) === JSON.stringify(theirs)) continue;
    nDifferent += 1;
    console.log(
      `${JSON.stringify(text)}\n  ours   ${JSON.stringify(ours)}\n  theirs ${JSON.stringify(theirs)}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`${count} files, ${nRefused} refused, ${nDifferent} read differently`);
process.exitCode = nDifferent === 0 ? 0 : 1;
