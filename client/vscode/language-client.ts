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
      initializationOptions: {
        l10nBundle: vscode.l10n.uri?.fsPath,
        rules: vscode.workspace.getConfiguration('naru').get<string>('lint.rules'),
        isPreviewEnabled: vscode.workspace.getConfiguration('naru').get<boolean>('preview.enabled'),
      },
      markdown: { supportHtml: false },
    },
  );
}
