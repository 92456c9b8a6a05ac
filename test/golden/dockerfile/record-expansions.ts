/**
 * Records what BuildKit makes of the texts of expansion-sources.ts and pattern-sources.ts, into expansions.json.
 * Needs a Docker Engine with buildx: `DOCKER_HOST=unix:///… node test/golden/dockerfile/record-expansions.ts`.
 * Each text is the value of a LABEL on FROM scratch; the labels are read back from the image, which is removed.
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expansionSources, VARIABLE_LINES } from './expansion-sources.ts';
import { PATTERN_SOURCES, PATTERN_VARIABLES } from './pattern-sources.ts';

const tag = `naru-expansions-${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), 'naru-expansions-'));
try {
  const version = execFileSync('docker', ['version', '--format', '{{.Server.Version}}'], {
    encoding: 'utf8',
  });
  const records = record(expansionSources(400, 1), { lines: VARIABLE_LINES, args: [] });
  const variables = Object.entries(PATTERN_VARIABLES);
  const patterns = record(PATTERN_SOURCES, {
    lines: variables.map(([name]) => `ARG ${name}\n`).join(''),
    args: variables.flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
  });
  const target = join(import.meta.dirname, 'expansions.json');
  writeFileSync(target, `${JSON.stringify({ dockerd: version.trim(), records, patterns }, null, 2)}\n`);
  console.log(`${records.length + patterns.length} texts expanded by dockerd ${version.trim()}`);
} finally {
  spawnSync('docker', ['image', 'rm', '--force', tag]);
  rmSync(folder, { recursive: true });
}

interface Record {
  readonly source: string;
  readonly text?: string;
  readonly fault?: string;
}

/** What sets the variables. */
interface Setting {
  readonly lines: string;
  readonly args: readonly string[];
}

/** One build answers for many sources; if it fails, its halves are asked. */
function record(sources: readonly string[], setting: Setting): Record[] {
  const answer = build(sources, setting);
  if (Array.isArray(answer)) return sources.map((source, index) => ({ source, text: answer[index] ?? '' }));
  const [only = ''] = sources;
  if (sources.length === 1) return [{ source: only, fault: answer }];
  const middle = sources.length >> 1;
  return [...record(sources.slice(0, middle), setting), ...record(sources.slice(middle), setting)];
}

/** The expanded texts, or why the build failed. */
function build(sources: readonly string[], { lines, args: given }: Setting): string[] | string {
  const labels = sources.map((source, index) => `LABEL l${index} ${source}\n`).join('');
  writeFileSync(join(folder, 'Dockerfile'), `FROM scratch\n${lines}${labels}`);
  const args = ['buildx', 'build', '--progress=quiet', '--tag', tag, ...given, folder];
  const { status, stderr } = spawnSync('docker', args, { encoding: 'utf8' });
  if (status !== 0) return /failed to process "(?:[^"\\]|\\.)*": (.*)$/m.exec(stderr)?.[1] ?? stderr;
  const inspected = execFileSync('docker', ['image', 'inspect', '--format', '{{json .Config.Labels}}', tag], {
    encoding: 'utf8',
  });
  // The labels written above, as strings.
  const values = JSON.parse(inspected) as { [label: string]: string };
  return sources.map((_source, index) => values[`l${index}`] ?? '');
}
