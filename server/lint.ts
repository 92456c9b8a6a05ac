/** The linter as this server runs it: with the rules the user chose, and what lies beside the Dockerfile. */

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Dockerfile } from '../core/dockerfile/types.ts';
import { problemFindings } from '../core/lint/problems.ts';
import { lintOptionsOf } from '../core/lint/config.ts';
import type { Finding, LintOptions } from '../core/lint/rule.ts';
import { DEFAULT_LINT_OPTIONS, lintDockerfile, type RuleSet } from '../core/lint/run.ts';
import type { ScriptReader } from '../core/lint/shell/parsed-script.ts';
import type { Parsed } from '../core/source.ts';
import {
  configPathsAbove,
  firstFile,
  parseLintConfigFile,
  userConfigPaths,
} from '../local/lint-config-file.ts';
import type { Lint } from './documents.ts';
import type { Shellcheck } from './shellcheck.ts';

export interface LintSettings {
  readonly rules: RuleSet;
  /** Undefined: there is none, or the user does not want it. */
  readonly shellcheck: Shellcheck | undefined;
}

/** `settings` are asked for at every run, because options arrive after the first part of the server is made. */
export function makeLint(settings: () => LintSettings, readScript: ScriptReader): Lint {
  const found = (
    { value: dockerfile, problems }: Parsed<Dockerfile>,
    uri: string,
    asked: Pick<LintOptions, 'shellcheck'>,
  ): readonly Finding[] => {
    const { rules } = settings();
    const dockerignore = ignoreFileOf(uri);
    const options = {
      ...optionsFor(uri),
      readScript,
      ...(dockerignore === undefined ? {} : { dockerignore }),
      ...asked,
    };
    return [...problemFindings(dockerfile, problems, rules), ...lintDockerfile(dockerfile, rules, options)];
  };
  return {
    find(parsed, uri) {
      const { shellcheck } = settings();
      return found(parsed, uri, shellcheck === undefined ? {} : { shellcheck: shellcheck.lookupFor(uri) });
    },
    findOfDraft: (parsed, uri) => found(parsed, uri, {}),
  };
}

/** What `.hadolint.yaml` says, nearest to the Dockerfile first. What is wrong in it counts as absent here; the CLI tells. */
function optionsFor(uri: string): LintOptions {
  if (!uri.startsWith('file:')) return DEFAULT_LINT_OPTIONS;
  const paths = [...configPathsAbove(dirname(fileURLToPath(uri))), ...userConfigPaths(process.env)];
  const path = firstFile(paths);
  if (path === undefined) return DEFAULT_LINT_OPTIONS;
  try {
    return lintOptionsOf(parseLintConfigFile(path).value);
  } catch {
    return DEFAULT_LINT_OPTIONS;
  }
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
