/**
 * Every temporary file of a test run is in one folder that names the run's process, so that the next run can tell what a killed one left and clear it away.
 * mocha loads this before the tests.
 */

import { chmodSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { endDeadRuns, OWNER_FILE, processStart, RUN_PREFIX } from './dead-runs.ts';

for (const line of await endDeadRuns(tmpdir())) console.log(line);

const COMPILED = 'compiled';

const folder = mkdtempSync(join(tmpdir(), RUN_PREFIX));
chmodSync(folder, 0o755); // tests run programs as other users
// Renamed, so that no other run ever reads half of it and takes this one for dead.
const owner = join(folder, OWNER_FILE);
writeFileSync(`${owner}.new`, `${process.pid} ${processStart(process.pid)}`);
renameSync(`${owner}.new`, owner);
process.env['TMPDIR'] = folder;
// Hundreds of engines start from the same source: only the first one of a run has to compile it (1.7 s of CPU, then 0.7 s).
process.env['NODE_COMPILE_CACHE'] = join(folder, COMPILED);
process.once('exit', () => {
  // What a test left is evidence; it goes with the next run.
  const left = readdirSync(folder).filter((name) => name !== OWNER_FILE && name !== COMPILED);
  if (left.length === 0) rmSync(folder, { recursive: true });
});
