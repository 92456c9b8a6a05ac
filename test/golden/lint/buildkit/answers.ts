/** What BuildKit's checks say about a file, asked through buildx, and what ours say, in one shape. */

import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readDockerfile } from '../../../../core/dockerfile/read.ts';
import { DEFAULT_LINT_OPTIONS, lintDockerfile } from '../../../../core/lint/run.ts';
import type { CheckCase } from './cases.ts';

/** `4 StageNameCasing: Stage name …`, the line 1-based; sorted. */
export type Answer = readonly string[];

/** Asks the engine of DOCKER_HOST; `folder` takes the files. Warnings stand also where the build would fail. */
export function askChecks(asked: CheckCase, folder: string): Answer {
  const { dockerignore, text } = withIgnore(asked);
  writeFileSync(join(folder, 'Dockerfile'), text);
  const ignoreFile = join(folder, '.dockerignore');
  if (dockerignore === undefined) rmSync(ignoreFile, { force: true });
  else writeFileSync(ignoreFile, dockerignore);
  const args = ['buildx', 'build', '--progress=quiet', '--call=check,format=json', folder];
  const { stderr, stdout } = spawnSync('docker', args, { encoding: 'utf8' });
  const start = stdout.indexOf('{');
  if (start < 0) throw new Error(stderr);
  // The shape of buildx's lint answer, as far as it is used.
  const { warnings } = JSON.parse(stdout.slice(start)) as {
    warnings?: { ruleName: string; detail: string; location?: { ranges?: { start: { line: number } }[] } }[];
  };
  return (warnings ?? [])
    .map(({ detail, location, ruleName }) => `${location?.ranges?.[0]?.start.line} ${ruleName}: ${detail}`)
    .sort();
}

/** Ours, in the same shape. */
export function ourChecks(asked: CheckCase): Answer {
  const { dockerignore, text } = withIgnore(asked);
  const { value } = readDockerfile(text);
  const options = dockerignore === undefined ? {} : { dockerignore };
  return lintDockerfile(value, 'buildkit', { ...DEFAULT_LINT_OPTIONS, ...options })
    .filter(({ family }) => family === 'buildkit') // what ends the build is no warning
    .map(({ line, message, ruleId }) => `${line + 1} ${ruleId}: ${message}`)
    .sort();
}

function withIgnore(asked: CheckCase): { readonly text: string; readonly dockerignore?: string } {
  return typeof asked === 'string' ? { text: asked } : asked;
}
