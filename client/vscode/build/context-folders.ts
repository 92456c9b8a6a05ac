/** Tells the language server which open Dockerfiles have another context than their own folder, or named ones, for all that looks at them without an engine. */

import * as path from 'node:path';

import * as vscode from 'vscode';
import { type LanguageClient, State } from 'vscode-languageclient/node';

import { LSP_CONTEXT_FOLDERS, type LspContextFoldersParams } from '../../../core/protocol/lsp.ts';
import { buildSettingsOf } from './document-build.ts';
import type { BuildSettings } from './settings.ts';

/** From now on, also a server that is started again; what it knows already is not told twice. */
export function tellContextFolders(client: LanguageClient): vscode.Disposable {
  let told = NONE;
  const tell = (): void => {
    if (!client.isRunning()) return;
    const params = contextFolders();
    const text = JSON.stringify(params);
    if (text === told) return;
    told = text;
    void client.sendNotification(LSP_CONTEXT_FOLDERS, params);
  };
  return vscode.Disposable.from(
    client.onDidChangeState(({ newState }) => {
      if (newState !== State.Running) return;
      told = NONE;
      tell();
    }),
    vscode.workspace.onDidOpenTextDocument(tell),
    vscode.workspace.onDidCloseTextDocument(tell),
    vscode.workspace.onDidChangeWorkspaceFolders(tell),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('naru.builds')) tell();
    }),
  );
}

/** What a server takes for true that was told nothing. */
const NONE = JSON.stringify({ contexts: [] });

function contextFolders(): LspContextFoldersParams {
  const dockerfiles = vscode.workspace.textDocuments.filter(
    ({ languageId, uri }) => languageId === 'dockerfile' && uri.scheme === 'file',
  );
  return {
    contexts: dockerfiles.flatMap((document) => {
      const { contextDirectory, buildContexts } = contextsOf(document);
      const isOwn = contextDirectory === path.dirname(document.uri.fsPath);
      return isOwn && buildContexts === undefined
        ? []
        : [{ uri: document.uri.toString(), contextDirectory, ...(buildContexts && { buildContexts }) }];
    }),
  };
}

/** A setting that makes no sense is told by the preview and the build. */
function contextsOf(
  document: vscode.TextDocument,
): Pick<BuildSettings, 'contextDirectory' | 'buildContexts'> {
  try {
    return buildSettingsOf(document);
  } catch {
    return { contextDirectory: path.dirname(document.uri.fsPath) };
  }
}
