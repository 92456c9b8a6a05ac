/**
 * What a language feature is: what it promises the editor, and how it is connected.
 * A feature gets everything it may use as one argument; it keeps state only about the documents it serves.
 */

import type { Connection, ServerCapabilities, TextDocuments } from 'vscode-languageserver/node';

import type { ScriptReader } from '../core/lint/shell/parsed-script.ts';
import type { ContextFolderOf } from './context-folders.ts';
import type { OpenDocument } from './documents.ts';

export interface ServerParts {
  readonly connection: Connection;
  readonly documents: TextDocuments<OpenDocument>;
  readonly contextOf: ContextFolderOf;
  /** Called when lint would find something else in files that did not change. */
  readonly onLintChange: (listener: () => void) => void;
  /** Remembers the scripts that lint and features have read, over the versions of a file. */
  readonly readScript: ScriptReader;
  /** Display language and abilities of the editor; fixed once the server is initialized. */
  readonly options: ServerOptions;
}

/** What the client passes in `initialize`, without what it may change later. */
export interface ServerOptions {
  /** BCP 47, such as `ko`. */
  readonly locale: string;
  /** Path of `bundle.l10n.<locale>.json`; absent for English. */
  readonly l10nBundle?: string;
  /** Hovers may be Markdown. */
  readonly showsMarkdown: boolean;
  /** So may what completion says of an item. */
  readonly documentsInMarkdown: boolean;
  /** The editor answers the requests of core/protocol/lsp.ts, and its user wants the preview. */
  readonly isPreviewEnabled: boolean;
}

export interface Feature {
  /** Shown in logs; the name of its file. */
  readonly name: string;
  readonly capabilities: ServerCapabilities;
  /** Absent: always. What is not offered is neither started nor promised. */
  isOffered?(options: ServerOptions): boolean;
  /** Connects the handlers. Called once, after the editor's options are known and before it can send a request. */
  start(parts: ServerParts): void;
}
