/**
 * What a language feature is: what it promises the editor, and how it is connected.
 * A feature gets everything it may use as one argument; it keeps state only about the documents it serves.
 */

import type { Connection, ServerCapabilities, TextDocuments } from 'vscode-languageserver/node';

import type { OpenDocument } from './documents.ts';

export interface ServerParts {
  readonly connection: Connection;
  readonly documents: TextDocuments<OpenDocument>;
  /** Settings and display language of the editor; fixed once the server is initialized. */
  readonly options: ServerOptions;
}

/** What the client passes as `initializationOptions`. */
export interface ServerOptions {
  /** BCP 47, such as `ko`. */
  readonly locale: string;
  /** Path of `bundle.l10n.<locale>.json`; absent for English. */
  readonly l10nBundle?: string;
}

export interface Feature {
  /** Shown in logs; the name of its file. */
  readonly name: string;
  readonly capabilities: ServerCapabilities;
  /** Connects the handlers. Called once, after the editor's options are known and before it can send a request. */
  start(parts: ServerParts): void;
}
