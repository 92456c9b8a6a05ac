/** Finds and reads `.hadolint.yaml`: in a folder (or above it), then where users keep their own. */

import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { type ErrorLocation, formatLocation, NaruError } from '../core/errors.ts';
import { type LintConfig, readLintConfig } from '../core/lint/config.ts';
import { lineIndex, type Parsed, type Problem } from '../core/source.ts';
import { systemReason } from './system-reason.ts';

const HIDDEN: readonly string[] = ['.hadolint.yaml', '.hadolint.yml'];
const VISIBLE: readonly string[] = ['hadolint.yaml', 'hadolint.yml'];

/** Keys that mean nothing are among its `faults`. @throws NaruError kind "invalid-argument" if the file cannot be read or has the wrong shape, with its place */
export function readLintConfigFile(path: string): LintConfig {
  const { problems, text, value } = parseLintConfigFile(path);
  const wrong = problems.find(({ severity }) => severity === 'error');
  if (wrong !== undefined) {
    const location = placeIn(path, text, wrong);
    throw new NaruError('invalid-argument', wrong.code, wrong.message, { location });
  }
  return { ...value, faults: problems.map((problem) => faultSentence(path, text, problem)) };
}

/** What is wrong counts as absent. @throws NaruError kind "invalid-argument" if the file cannot be read */
export function parseLintConfigFile(path: string): Parsed<LintConfig> & { readonly text: string } {
  const text = readText(path);
  return { ...readLintConfig(text), text };
}

/** `FILE:LINE:COLUMN: what is wrong` */
export function faultSentence(path: string, text: string, problem: Problem): string {
  return `${formatLocation(placeIn(path, text, problem))}: ${problem.message}`;
}

function placeIn(file: string, text: string, { span }: Problem): ErrorLocation {
  return { file, start: lineIndex(text).positionAt(span.start) };
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

/** The first of the files that exists, also where it cannot be read. */
export function firstFile(paths: readonly string[]): string | undefined {
  return paths.find((path) => {
    try {
      return statSync(path).isFile();
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
