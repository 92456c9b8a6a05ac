/** Decodes what the editor sends in `initialize` and when its settings change, and loads the texts of its display language. */

import { existsSync } from 'node:fs';

import * as l10n from '@vscode/l10n';
import type { InitializeParams } from 'vscode-languageserver/node';

import type { RuleSet } from '../core/lint/run.ts';
import type { ServerOptions } from './feature.ts';

/** What the user may change while the server runs. */
export interface LintChoice {
  /** Which lint rules run. */
  readonly rules: RuleSet;
  /** The shellcheck of this machine is asked about RUN, where there is one. */
  readonly asksShellcheck: boolean;
  /** What was asked for in place of `rules`, and is no set of rules. */
  readonly unknownRules?: string;
}

export const DEFAULT_LINT_CHOICE: LintChoice = { rules: 'naru', asksShellcheck: true };

const RULE_SETS: readonly RuleSet[] = ['naru', 'all', 'hadolint', 'buildkit'];

/** Options of the wrong shape count as absent: an editor without any gets English, Markdown and no preview. */
export function readServerOptions(params: InitializeParams): ServerOptions {
  const { l10nBundle, isPreviewEnabled } = recordOf(params.initializationOptions);
  const { completion, hover } = params.capabilities.textDocument ?? {};
  const options = {
    locale: params.locale ?? 'en',
    // A client that says nothing gets what nearly all can show.
    showsMarkdown: hover?.contentFormat?.includes('markdown') ?? true,
    documentsInMarkdown: completion?.completionItem?.documentationFormat?.includes('markdown') ?? true,
    isPreviewEnabled: isPreviewEnabled === true,
  };
  if (typeof l10nBundle !== 'string' || !existsSync(l10nBundle)) return options;
  l10n.config({ fsPath: l10nBundle });
  return { ...options, l10nBundle };
}

/**
 * `rules` and `asksShellcheck`, or, as settings of an editor are kept, `lint.rules` and `lint.shellcheck`; all of it may stand below `naru`.
 * What is absent or of the wrong shape is the default. Undefined if nothing of it is there.
 */
export function readLintChoice(value: unknown): LintChoice | undefined {
  const outer = recordOf(value);
  const settings = 'naru' in outer ? recordOf(outer['naru']) : outer;
  const { rules: ruleSet, shellcheck } = recordOf(settings['lint']);
  const { rules = ruleSet, asksShellcheck = shellcheck } = settings;
  if (rules === undefined && asksShellcheck === undefined) return undefined;
  const known = RULE_SETS.find((name) => name === rules);
  return {
    rules: known ?? DEFAULT_LINT_CHOICE.rules,
    asksShellcheck: asksShellcheck !== false,
    ...(known === undefined && rules !== undefined ? { unknownRules: JSON.stringify(rules) } : {}),
  };
}

export function unknownRulesText(unknownRules: string): string {
  return `no set of rules is called ${unknownRules}: the setting is one of ${RULE_SETS.join(', ')}`;
}

function recordOf(value: unknown): Partial<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
