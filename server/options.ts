/** Decodes what the editor sends in `initialize`, and loads the texts of its display language. */

import * as l10n from '@vscode/l10n';

import type { ServerOptions } from './feature.ts';

/** Options of the wrong shape count as absent: an editor without any gets English and the defaults. */
export function readServerOptions(value: unknown, locale: string | undefined): ServerOptions {
  const given: Partial<Record<string, unknown>> =
    typeof value === 'object' && value !== null ? { ...value } : {};
  const l10nBundle = given['l10nBundle'];
  if (typeof l10nBundle !== 'string') return { locale: locale ?? 'en' };
  l10n.config({ fsPath: l10nBundle });
  return { locale: locale ?? 'en', l10nBundle };
}
