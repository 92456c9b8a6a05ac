/** Activation of the extension: makes the parts and hands them to each other. Everything it starts ends with it. */

import type * as vscode from 'vscode';

import { makeLanguageClient } from './language-client.ts';

/** What tests and other extensions get from this one. */
export interface NaruApi {
  /** Fulfilled when the language server answers. */
  readonly ready: Promise<void>;
}

export function activate(context: vscode.ExtensionContext): NaruApi {
  const languageClient = makeLanguageClient(context);
  context.subscriptions.push({ dispose: () => void languageClient.dispose() });
  return { ready: languageClient.start() };
}
