/** Starts the language server that lies beside the extension, and ends it with the extension. */

import * as path from 'node:path';

import * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';

/** The client is not started yet; whoever starts it stops it. */
export function makeLanguageClient(context: vscode.ExtensionContext): LanguageClient {
  const module = context.asAbsolutePath(path.join('dist', 'server.cjs'));
  const server = { module, transport: TransportKind.stdio };
  return new LanguageClient(
    'naru',
    'Naru Language Server',
    { run: server, debug: server },
    {
      documentSelector: [{ language: 'dockerfile' }],
      // A function, so that a restart reads the settings as they are then.
      initializationOptions: readOptions,
      markdown: { supportHtml: false },
    },
  );
}

function readOptions(): object {
  const settings = vscode.workspace.getConfiguration('naru');
  return {
    l10nBundle: vscode.l10n.uri?.fsPath,
    rules: settings.get<string>('lint.rules'),
    asksShellcheck: settings.get<boolean>('lint.shellcheck'),
    isPreviewEnabled: settings.get<boolean>('preview.enabled'),
  };
}
