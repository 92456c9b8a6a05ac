/** Follows the lint settings of the editor: as they were in `initialize`, as it sends them, or as it answers when it is asked. */

import {
  type ClientCapabilities,
  type Connection,
  DidChangeConfigurationNotification,
} from 'vscode-languageserver/node';

import { DEFAULT_LINT_CHOICE, type LintChoice, readLintChoice } from './options.ts';

/** `onChange` is called for every choice that differs from the one before. To be called while the client is being initialized. Answers what asks the editor to tell of changes, for when it is. */
export function followLintChoice(
  connection: Connection,
  capabilities: ClientCapabilities,
  first: LintChoice,
  onChange: (choice: LintChoice) => void,
): () => void {
  const { configuration, didChangeConfiguration } = capabilities.workspace ?? {};
  let current = first;
  connection.onDidChangeConfiguration(async ({ settings }) => {
    const sent = readLintChoice(settings);
    const asked =
      sent === undefined && configuration === true
        ? readLintChoice(await connection.workspace.getConfiguration('naru'))
        : undefined;
    const next = sent ?? asked ?? DEFAULT_LINT_CHOICE;
    if (isSame(next, current)) return;
    current = next;
    onChange(next);
  });
  return () => {
    if (didChangeConfiguration?.dynamicRegistration !== true) return;
    // Nothing waits for it: a client that refuses sends what it sends.
    connection.client
      .register(DidChangeConfigurationNotification.type, { section: 'naru.lint' })
      .catch((error: unknown) => connection.console.warn(`settings are not followed: ${String(error)}`));
  };
}

function isSame(one: LintChoice, other: LintChoice): boolean {
  return (
    one.rules === other.rules &&
    one.asksShellcheck === other.asksShellcheck &&
    one.unknownRules === other.unknownRules
  );
}
