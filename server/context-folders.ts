/** The build context of each open Dockerfile, and its named ones, as the editor tells them. Of an editor that tells nothing it is the folder of the Dockerfile. */

import { dirname } from 'node:path';

import type { Connection } from 'vscode-languageserver/node';

import {
  decodeLspContextFolders,
  LSP_CONTEXT_FOLDERS,
  type LspContextFoldersParams,
} from '../core/protocol/lsp.ts';
import { documentPath } from './document-path.ts';

/** Absolute path of a document's context; undefined where it is in no file. */
export type ContextFolderOf = (uri: string) => string | undefined;

export interface ToldContexts {
  readonly folderOf: ContextFolderOf;
  /** By `contextName`, with their values. */
  readonly namedOf: (uri: string) => ReadonlyMap<string, string>;
}

/** Listens from now on; `onChange` is called after every change. */
export function followContextFolders(
  connection: Pick<Connection, 'onNotification'>,
  onChange: () => void,
): ToldContexts {
  let told: ReadonlyMap<string, LspContextFoldersParams['contexts'][number]> = new Map();
  connection.onNotification(LSP_CONTEXT_FOLDERS, (params: unknown) => {
    const { contexts } = decodeLspContextFolders(params, '');
    told = new Map(contexts.map((context) => [context.uri, context]));
    onChange();
  });
  return {
    folderOf(uri) {
      const path = documentPath(uri);
      return path === undefined ? undefined : (told.get(uri)?.contextDirectory ?? dirname(path));
    },
    namedOf: (uri) => new Map(Object.entries(told.get(uri)?.buildContexts ?? {})),
  };
}
