/** The language server, started as `node dist/server.cjs --stdio`. Wiring only: what it can do is listed in features/index.ts. */

import {
  createConnection,
  ProposedFeatures,
  TextDocuments,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';

import { openDocuments } from './documents.ts';
import { FEATURES } from './features/index.ts';
import { makeLint } from './lint.ts';
import { readServerOptions } from './options.ts';

const connection = createConnection(ProposedFeatures.all);
let options = readServerOptions(undefined, undefined);
const documents = new TextDocuments(openDocuments(makeLint(() => options.rules)));

connection.onInitialize((params) => {
  options = readServerOptions(params.initializationOptions, params.locale);
  const offered = FEATURES.filter((feature) => feature.isOffered?.(options) ?? true);
  for (const feature of offered) feature.start({ connection, documents, options });
  const capabilities = Object.assign({}, ...offered.map((feature) => feature.capabilities));
  return {
    serverInfo: { name: 'naru' },
    capabilities: { textDocumentSync: TextDocumentSyncKind.Incremental, ...capabilities },
  };
});

documents.listen(connection);
connection.listen();
