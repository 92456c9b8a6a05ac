/**
 * Records what BuildKit says about made-up files, into verdicts.json: of many, all that it accepts and as many that it refuses.
 * Needs a Docker Engine with buildx: `DOCKER_HOST=unix:///… node test/golden/dockerfile/record-verdicts.ts`.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { madeUpFiles } from './made-up-files.ts';
import { askBuildkit } from './verdicts.ts';

const folder = mkdtempSync(join(tmpdir(), 'naru-verdicts-'));
try {
  const version = execFileSync('docker', ['version', '--format', '{{.Server.Version}}'], {
    encoding: 'utf8',
  });
  const asked = madeUpFiles(450, 2).map((text) => ({ text, verdict: askBuildkit(text, folder) }));
  const accepted = asked.filter(({ verdict }) => verdict.error === null);
  const refused = asked.filter(({ verdict }) => verdict.error !== null).slice(0, accepted.length);
  const target = join(import.meta.dirname, 'verdicts.json');
  const recorded = { dockerd: version.trim(), files: [...accepted, ...refused] };
  writeFileSync(target, `${JSON.stringify(recorded, null, 2)}\n`);
  console.log(`${accepted.length} accepted and ${refused.length} refused files recorded`);
} finally {
  rmSync(folder, { recursive: true });
}
