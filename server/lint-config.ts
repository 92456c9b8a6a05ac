/** What `.hadolint.yaml` says for an open file, nearest to the Dockerfile first. What is wrong in it counts as absent, and is told once for each content it had. */

import { dirname } from 'node:path';

import { lintOptionsOf } from '../core/lint/config.ts';
import type { LintOptions } from '../core/lint/rule.ts';
import { DEFAULT_LINT_OPTIONS } from '../core/lint/run.ts';
import { unknownNames } from '../core/lint/unknown-names.ts';
import {
  configPathsAbove,
  faultSentence,
  firstFile,
  parseLintConfigFile,
  userConfigPaths,
} from '../local/lint-config-file.ts';
import { documentPath } from './document-path.ts';

/** Reads the file every time: it is small, and may have changed. `tell` gets a sentence for each fault, never none. */
export function makeConfigReader(tell: (faults: readonly string[]) => void): (uri: string) => LintOptions {
  /** By path: the content whose faults were told, or why it could not be read. */
  const told = new Map<string, string>();
  const tellOnce = (path: string, state: string, faults: readonly string[]): void => {
    if (faults.length === 0) told.delete(path);
    else if (told.get(path) !== state) {
      told.set(path, state);
      tell(faults);
    }
  };
  return (uri) => {
    const dockerfile = documentPath(uri);
    if (dockerfile === undefined) return DEFAULT_LINT_OPTIONS;
    const path = firstFile([...configPathsAbove(dirname(dockerfile)), ...userConfigPaths(process.env)]);
    if (path === undefined) return DEFAULT_LINT_OPTIONS;
    try {
      const { problems, text, value } = parseLintConfigFile(path);
      tellOnce(path, `read: ${text}`, [
        ...problems.map((problem) => faultSentence(path, text, problem)),
        ...unknownNames(value).map((sentence) => `${path}: ${sentence}`),
      ]);
      return lintOptionsOf(value);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      tellOnce(path, message, [message]);
      return DEFAULT_LINT_OPTIONS;
    }
  };
}
