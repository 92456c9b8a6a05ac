/** The language server, started as `node dist/server.cjs --stdio`. Wiring only: what it can do is listed in features/index.ts. */

import {
  createConnection,
  MessageType,
  ProposedFeatures,
  ShowMessageNotification,
  type ShowMessageParams,
  TextDocuments,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';

import { readScript as readScriptOnce } from '../core/lint/shell/parsed-script.ts';
import { remembered } from '../core/lint/shell/remembered.ts';
import { findShellcheck } from '../local/shellcheck.ts';
import { followContextFolders } from './context-folders.ts';
import { openDocuments } from './documents.ts';
import { errorText } from './error-text.ts';
import { FEATURES } from './features/index.ts';
import { keepTreesYoung } from './heap.ts';
import { makeLint } from './lint.ts';
import { watchLintFiles } from './lint-files.ts';
import { followLintChoice } from './lint-choice.ts';
import { makeConfigReader } from './lint-config.ts';
import {
  DEFAULT_LINT_CHOICE,
  type LintChoice,
  readLintChoice,
  readServerOptions,
  unknownRulesText,
} from './options.ts';
import { makeShellcheck, type Shellcheck } from './shellcheck.ts';

const USAGE = 'naru: this is a language server for editors; start it as node server.cjs --stdio\n';

if (!process.argv.some((argument) => argument === '--stdio' || argument === '--node-ipc')) {
  process.stderr.write(USAGE);
  process.exit(2);
}
keepTreesYoung();
const connection = createConnection(ProposedFeatures.all);
let choice = DEFAULT_LINT_CHOICE;
let shellcheck: Shellcheck | undefined;
const lintListeners: (() => void)[] = [];
const readScript = remembered(readScriptOnce);
const configOf = makeConfigReader(tell);
const contexts = followContextFolders(connection, lintAgain);
const lint = makeLint(() => ({ rules: choice.rules, shellcheck }), { configOf, contexts }, readScript);
const documents = new TextDocuments(openDocuments(lint));

connection.onInitialize((params) => {
  const options = readServerOptions(params);
  choose(readLintChoice(params.initializationOptions) ?? DEFAULT_LINT_CHOICE);
  const followChoice = followLintChoice(connection, params.capabilities, choice, (next) => {
    choose(next);
    lintAgain();
  });
  // One handler: a second one would take the place of the first.
  connection.onInitialized(() => {
    followChoice();
    watchLintFiles(connection, params.capabilities);
  });
  const onLintChange = (listener: () => void): void => void lintListeners.push(listener);
  const offered = FEATURES.filter((feature) => feature.isOffered?.(options) ?? true);
  const contextOf = contexts.folderOf;
  const parts = { connection, documents, options, contextOf, onLintChange, readScript };
  for (const feature of offered) feature.start(parts);
  const capabilities = Object.assign({}, ...offered.map((feature) => feature.capabilities));
  return {
    serverInfo: { name: 'naru' },
    capabilities: { textDocumentSync: TextDocumentSyncKind.Incremental, ...capabilities },
  };
});

// Invariant: no mistake of ours ends the server; the editor would restart it a few times, and then be without it.
for (const event of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(event, (error: unknown) => connection.console.error(errorText(error)));

documents.listen(connection);
connection.listen();

function choose(next: LintChoice): void {
  choice = next;
  if (choice.unknownRules !== undefined) tell([unknownRulesText(choice.unknownRules)]);
  const program = choice.asksShellcheck ? findShellcheck(process.env) : undefined;
  shellcheck = undefined;
  if (program === undefined) return;
  shellcheck = makeShellcheck({
    program,
    onAnswers: lintAgain,
    onFailure: (message) => connection.console.warn(`${message}; what it would say is left out`),
  });
}

function lintAgain(): void {
  for (const listener of lintListeners) listener();
}

/** One message for all that is wrong in a file or the settings; each line in the log. */
function tell(faults: readonly string[]): void {
  for (const fault of faults) connection.console.warn(fault);
  const params: ShowMessageParams = { type: MessageType.Warning, message: faults.join('\n') };
  // Nobody waits for it, and a client that is gone needs no message.
  void connection.sendNotification(ShowMessageNotification.type, params);
}
