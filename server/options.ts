/** Decodes what the editor sends in `initialize`, and loads the texts of its display language. */

import { existsSync } from 'node:fs';

import * as l10n from '@vscode/l10n';
import type { ClientCapabilities } from 'vscode-languageserver/node';

import type { RuleSet } from '../core/lint/run.ts';
import type { ServerOptions } from './feature.ts';

const RULE_SETS: readonly RuleSet[] = ['naru', 'all', 'hadolint', 'buildkit'];

/** Options of the wrong shape count as absent: an editor without any gets English, the default rules and no preview. */
export function readServerOptions(
  value: unknown,
  locale: string | undefined,
  capabilities: ClientCapabilities,
): ServerOptions {
  const given: Partial<Record<string, unknown>> =
    typeof value === 'object' && value !== null ? { ...value } : {};
  const { asksShellcheck, l10nBundle, rules, isPreviewEnabled } = given;
  const options = {
    locale: locale ?? 'en',
    // A client that says nothing gets what nearly all can show.
    showsMarkdown: capabilities.textDocument?.hover?.contentFormat?.includes('markdown') ?? true,
    rules: RULE_SETS.find((ruleSet) => ruleSet === rules) ?? 'naru',
    asksShellcheck: asksShellcheck !== false,
    isPreviewEnabled: isPreviewEnabled === true,
  };
  if (typeof l10nBundle !== 'string' || !existsSync(l10nBundle)) return options;
  l10n.config({ fsPath: l10nBundle });
  return { ...options, l10nBundle };
}
