/** The linter as this server runs it: with the rules the user chose, and what lies beside the Dockerfile. */

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { problemFindings } from '../core/lint/problems.ts';
import { DEFAULT_LINT_OPTIONS, lintDockerfile, type RuleSet } from '../core/lint/run.ts';
import type { Lint } from './documents.ts';

/** `ruleSet` is asked at every run, because options arrive after the first part of the server is made. */
export function makeLint(ruleSet: () => RuleSet): Lint {
  return ({ value: dockerfile, problems }, uri) => {
    const dockerignore = ignoreFileOf(uri);
    const options =
      dockerignore === undefined ? DEFAULT_LINT_OPTIONS : { ...DEFAULT_LINT_OPTIONS, dockerignore };
    const rules = ruleSet();
    return [...problemFindings(dockerfile, problems, rules), ...lintDockerfile(dockerfile, rules, options)];
  };
}

/** The specific file wins, as in a build. Read every time: it is small, and may have changed. */
function ignoreFileOf(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  const path = fileURLToPath(uri);
  return readText(`${path}.dockerignore`) ?? readText(join(dirname(path), '.dockerignore'));
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // most Dockerfiles have none
  }
}
