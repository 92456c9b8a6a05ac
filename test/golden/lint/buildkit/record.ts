/**
 * Records what BuildKit's checks say about our cases, one file for each check.
 * Needs a Docker Engine with buildx: `DOCKER_HOST=unix:///… node test/golden/lint/buildkit/record.ts`, then `biome format --write test`.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { askChecks } from './answers.ts';
import { CHECK_CASES } from './cases.ts';

const folder = mkdtempSync(join(tmpdir(), 'naru-checks-'));
try {
  const dockerd = execFileSync('docker', ['version', '--format', '{{.Server.Version}}'], {
    encoding: 'utf8',
  }).trim();
  for (const [name, asked] of Object.entries(CHECK_CASES)) {
    const cases = asked.map((one) => ({ asked: one, answer: askChecks(one, folder) }));
    writeFileSync(
      join(import.meta.dirname, `${name}.json`),
      `${JSON.stringify({ dockerd, cases }, null, 2)}\n`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
