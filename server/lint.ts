/** The linter as this server runs it: with the rules the user chose, and what lies beside the Dockerfile. */

import type { Dockerfile } from '../core/dockerfile/types.ts';
import { fileFindings } from '../core/lint/file-findings.ts';
import type { Finding, LintOptions } from '../core/lint/rule.ts';
import type { RuleSet } from '../core/lint/run.ts';
import type { ScriptReader } from '../core/lint/shell/parsed-script.ts';
import type { Parsed } from '../core/source.ts';
import { ignoreFileOf } from '../local/ignore-file.ts';
import type { ToldContexts } from './context-folders.ts';
import { documentPath } from './document-path.ts';
import type { Lint } from './documents.ts';
import type { Shellcheck } from './shellcheck.ts';

export interface LintSettings {
  readonly rules: RuleSet;
  /** Undefined: there is none, or the user does not want it. */
  readonly shellcheck: Shellcheck | undefined;
}

/** What counts for one file. */
export interface LintSurroundings {
  readonly configOf: (uri: string) => LintOptions;
  readonly contexts: ToldContexts;
}

/** `settings` and what `.hadolint.yaml` says are asked for at every run, because options arrive after the first part of the server is made, and the file may change. */
export function makeLint(
  settings: () => LintSettings,
  { configOf, contexts }: LintSurroundings,
  readScript: ScriptReader,
): Lint {
  const found = (
    parsed: Parsed<Dockerfile>,
    uri: string,
    asked: Pick<LintOptions, 'shellcheck'>,
  ): readonly Finding[] => {
    const { rules } = settings();
    const path = documentPath(uri);
    // Read every time: it is small, and may have changed.
    const context = contexts.folderOf(uri);
    const dockerignore =
      path === undefined || context === undefined ? undefined : ignoreFileOf(path, context);
    const options = {
      ...configOf(uri),
      readScript,
      namedContexts: contexts.namedOf(uri),
      ...(dockerignore === undefined ? {} : { dockerignore }),
      ...asked,
    };
    return fileFindings(parsed, rules, options);
  };
  return {
    find(parsed, uri) {
      const { shellcheck } = settings();
      return found(parsed, uri, shellcheck === undefined ? {} : { shellcheck: shellcheck.lookupFor(uri) });
    },
    findOfDraft: (parsed, uri) => found(parsed, uri, {}),
    readScript,
  };
}
