/**
 * Records what BuildKit says about the files of refused-files.ts, into refused.json.
 * Needs a Docker Engine with buildx: `DOCKER_HOST=unix:///… node test/golden/dockerfile/record-refused.ts`.
 * `docker buildx build --call=check` reads the file and evaluates it without building; FROM scratch needs no registry.
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { REFUSED_FILES } from './refused-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'naru-refused-'));
try {
  const version = execFileSync('docker', ['version', '--format', '{{.Server.Version}}'], {
    encoding: 'utf8',
  });
  const files = REFUSED_FILES.map(([name, text]) => ({ name, text, buildkit: ask(text) }));
  const target = join(import.meta.dirname, 'refused.json');
  writeFileSync(target, `${JSON.stringify({ dockerd: version.trim(), files }, null, 2)}\n`);
  const nRefused = files.filter(({ buildkit }) => buildkit !== null).length;
  console.log(`${nRefused} of ${files.length} files refused by dockerd ${version.trim()}`);
} finally {
  rmSync(folder, { recursive: true });
}

/** The 1-based line and the message of BuildKit's refusal, or null if it accepts the file. */
function ask(text: string): { line: number | null; message: string } | null {
  writeFileSync(join(folder, 'Dockerfile'), text);
  const args = ['buildx', 'build', '--progress=quiet', '--call=check', folder];
  const { stderr, stdout, status } = spawnSync('docker', args, { encoding: 'utf8' });
  const output = `${stdout}\n${stderr}`;
  if (status === 0 || !output.includes('ERROR: ')) return null;
  const message = /^ERROR: (.*)$/m.exec(output)?.[1] ?? '';
  const line = /parse error on line (\d+)/.exec(message)?.[1] ?? /^ *(\d+) \| >>>/m.exec(output)?.[1];
  const bare = message
    .replace(/^failed to build: /, '')
    .replace(/^failed to solve: /, '')
    .replace(/^dockerfile parse error on line \d+: /, '');
  return { line: line === undefined ? null : Number(line), message: bare };
}
