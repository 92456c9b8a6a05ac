/** Activation of the extension: makes the parts and hands them to each other. Everything it starts ends with it, except the engine. */

import * as vscode from 'vscode';

import { tellContextFolders } from './build/context-folders.ts';
import { COMMANDS } from './commands/index.ts';
import { makeConnect } from './engine/connect.ts';
import { EngineSession } from './engine/session.ts';
import { makeLanguageClient } from './language-client.ts';
import { showPreviewDecorations } from './preview/decorations.ts';
import { PreviewClient } from './preview/preview-client.ts';
import { BuildProblems } from './ui/build-problems.ts';
import { showError } from './ui/errors.ts';
import { showEngineStatus } from './ui/status.ts';
import { EngineTree } from './views/engine-tree.ts';

/** What tests and other extensions get from this one. */
export interface NaruApi {
  /** Fulfilled when the language server answers. */
  readonly ready: Promise<void>;
}

export function activate(context: vscode.ExtensionContext): NaruApi {
  const log = vscode.window.createOutputChannel('Naru', { log: true });
  const session = new EngineSession(makeConnect(log), log);
  const client = makeLanguageClient(context);
  const preview = new PreviewClient(client, session);
  const tree = new EngineTree(session);
  const problems = new BuildProblems();
  const parts = { session, tree, preview, problems, log };
  const commands = COMMANDS.map((command) => {
    return vscode.commands.registerCommand(command.id, (argument: unknown) => {
      return command.run(parts, argument).catch((error: unknown) => showError(log, error));
    });
  });
  context.subscriptions.push(
    log,
    session,
    preview,
    tree,
    problems,
    vscode.window.createTreeView('naru.engine', { treeDataProvider: tree }),
    showPreviewDecorations(client),
    showEngineStatus(session),
    tellContextFolders(client),
    followSettings(session, client),
    ...commands,
    { dispose: () => void client.dispose() },
  );
  return { ready: client.start() };
}

/** Another engine is reached at its next use; whether there is a preview the server reads when it starts. Lint settings it follows itself. */
function followSettings(
  session: EngineSession,
  client: ReturnType<typeof makeLanguageClient>,
): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((change) => {
    const isEngine = ['naru.target', 'naru.engine.root', 'naru.registryMirror'].some((key) =>
      change.affectsConfiguration(key),
    );
    if (isEngine) session.disconnect();
    if (change.affectsConfiguration('naru.preview.enabled')) void client.restart();
  });
}
