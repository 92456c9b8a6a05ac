/** Finds and reads `.hadolint.yaml`: in a folder (or above it), then where users keep their own. */

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { NaruError } from '../core/errors.ts';
import { type LintConfig, readLintConfig } from '../core/lint/config.ts';
import type { Parsed } from '../core/source.ts';
import { systemReason } from './system-reason.ts';

const HIDDEN: readonly string[] = ['.hadolint.yaml', '.hadolint.yml'];
const VISIBLE: readonly string[] = ['hadolint.yaml', 'hadolint.yml'];

/** @throws NaruError kind "invalid-argument" if the file cannot be read or has the wrong shape */
export function readLintConfigFile(path: string): LintConfig {
  const { value, problems } = parseLintConfigFile(path);
  const [first] = problems;
  if (first === undefined) return value;
  throw new NaruError('invalid-argument', first.code, `${path}: ${first.message}`);
}

/** What is wrong counts as absent. @throws NaruError kind "invalid-argument" if the file cannot be read */
export function parseLintConfigFile(path: string): Parsed<LintConfig> {
  return readLintConfig(readText(path));
}

/** The user's own files: below the XDG folder, ~/.hadolint and ~. */
export function userConfigPaths(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const home = env['HOME'] ?? env['USERPROFILE'];
  if (home === undefined || home === '') return [];
  const xdg = env['XDG_CONFIG_HOME'] ?? join(home, '.config');
  return [
    ...VISIBLE.map((name) => join(xdg, name)),
    ...[...VISIBLE, 'config.yaml', 'config.yml'].map((name) => join(home, '.hadolint', name)),
    ...HIDDEN.map((name) => join(home, name)),
  ];
}

export function folderConfigPaths(folder: string): readonly string[] {
  return HIDDEN.map((name) => join(folder, name));
}

/** Those of the folder and of every folder above it, nearest first. */
export function configPathsAbove(folder: string): readonly string[] {
  const above = dirname(folder);
  return [...folderConfigPaths(folder), ...(above === folder ? [] : configPathsAbove(above))];
}

/** The first of the files that exists. */
export function firstFile(paths: readonly string[]): string | undefined {
  return paths.find((path) => {
    try {
      return readFileSync(path) !== undefined;
    } catch {
      return false; // most folders have none
    }
  });
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const message = `cannot read ${path}: ${systemReason(cause)}`;
    throw new NaruError('invalid-argument', 'E_NO_FILE', message, { cause });
  }
}
