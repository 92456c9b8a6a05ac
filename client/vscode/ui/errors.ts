/** An error as the user sees it: one sentence, what to do next, and a button to the log. */

import * as vscode from 'vscode';

import { NaruError } from '../../../core/errors.ts';

/** What was attempted is said by the command; what went wrong by the error. Cancelled operations say nothing. */
export async function showError(log: vscode.LogOutputChannel, error: unknown): Promise<void> {
  if (error instanceof NaruError && error.kind === 'cancelled') return;
  log.error(error instanceof Error ? error : String(error));
  const showLog = vscode.l10n.t('Show Log');
  const answer = await vscode.window.showErrorMessage(errorText(error), showLog);
  if (answer === showLog) log.show();
}

/** `message; hint`, starting with a capital letter. */
export function errorText(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof NaruError && error.hint !== undefined ? ` (${error.hint})` : '';
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}${hint}`;
}
