/** The files that lint reads beside a Dockerfile: the editor is asked to tell when one changes. */

import {
  type ClientCapabilities,
  type Connection,
  DidChangeWatchedFilesNotification,
} from 'vscode-languageserver/node';

/** Those above the workspace are read at the next edit. */
const LINT_FILES = '**/{.hadolint.yaml,.hadolint.yml,.dockerignore,*.dockerignore}';

/** To be called once the client is initialized. Most clients tell only of what they were asked for. */
export function watchLintFiles(connection: Connection, { workspace }: ClientCapabilities): void {
  if (workspace?.didChangeWatchedFiles?.dynamicRegistration !== true) return;
  // Nothing waits for it: without it the next edit reads them.
  connection.client
    .register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: LINT_FILES }] })
    .catch((error: unknown) => connection.console.warn(`files are not followed: ${String(error)}`));
}
