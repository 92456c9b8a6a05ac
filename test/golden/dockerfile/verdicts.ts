/**
 * What BuildKit says about a file (asked through buildx), and what our reader says, in one shape.
 */

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readDockerfile } from '../../../core/dockerfile/read.ts';

export interface Verdict {
  /** What was refused first, or null. */
  readonly error: string | null;
  /** 1-based lines of instructions whose keyword is in mixed case; none if the file is refused. */
  readonly lines: readonly number[];
}

/** Asks BuildKit; `folder` takes the Dockerfile. */
export function askBuildkit(text: string, folder: string): Verdict {
  writeFileSync(join(folder, 'Dockerfile'), text);
  const args = ['buildx', 'build', '--progress=quiet', '--call=check,format=json', folder];
  const { stdout, stderr } = spawnSync('docker', args, { encoding: 'utf8' });
  const start = stdout.indexOf('{');
  if (start < 0) return { error: /^ERROR: (.*)$/m.exec(stderr)?.[1] ?? stderr, lines: [] };
  // The shape of buildx's lint answer, as far as it is used.
  const answer = JSON.parse(stdout.slice(start)) as {
    warnings?: { ruleName: string; location?: { ranges?: { start: { line: number } }[] } }[];
    buildError?: { message: string };
  };
  const bare = answer.buildError?.message ?? null;
  const lines = (answer.warnings ?? [])
    .filter(({ ruleName }) => ruleName === 'ConsistentInstructionCasing')
    .flatMap(({ location }) => location?.ranges?.[0]?.start.line ?? []);
  const unique = [...new Set(lines)].sort((left, right) => left - right);
  return bare === null ? { error: null, lines: unique } : { error: bare, lines: [] };
}

/** Our reading in the shape of theirs; of several errors the one that BuildKit names, if we have it. */
export function readOurs(text: string, theirs: Verdict): Verdict {
  const { value, problems } = readDockerfile(text);
  const errors = problems.filter(({ severity }) => severity === 'error');
  const first = errors[0];
  if (first === undefined) {
    const named = value.instructions.filter(({ keyword }) => isMixedCase(keyword));
    const lines = named.map(({ line }) => line + 1);
    return { error: null, lines: [...new Set(lines)] };
  }
  const same = errors.find(({ message }) => theirs.error?.includes(message));
  if (same === undefined) return { error: first.message, lines: [] };
  const holder = value.instructions.find(
    ({ span }) => span.start <= same.span.start && same.span.end <= span.end,
  );
  const line = (holder?.line ?? 0) + 1;
  const named = /parse error on line (\d+)/.exec(theirs.error ?? '')?.[1];
  const isSameLine = named === undefined || Number(named) === line;
  return { error: isSameLine ? theirs.error : `line ${line}: ${same.message}`, lines: [] };
}

function isMixedCase(keyword: string): boolean {
  return keyword !== keyword.toUpperCase() && keyword !== keyword.toLowerCase();
}
