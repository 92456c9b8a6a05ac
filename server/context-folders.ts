/** The build context of each open Dockerfile, as the editor tells it. Of an editor that tells nothing it is the folder of the Dockerfile. */

import { dirname } from 'node:path';

import type { Connection } from 'vscode-languageserver/node';

import { decodeLspContextFolders, LSP_CONTEXT_FOLDERS } from '../core/protocol/lsp.ts';
import { documentPath } from './document-path.ts';

/** Absolute path of a document's context; undefined where it is in no file. */
export type ContextFolderOf = (uri: string) => string | undefined;

/** Listens from now on; `onChange` is called after every change. */
export function followContextFolders(
  connection: Pick<Connection, 'onNotification'>,
  onChange: () => void,
): ContextFolderOf {
  let told: ReadonlyMap<string, string> = new Map();
  connection.onNotification(LSP_CONTEXT_FOLDERS, (params: unknown) => {
    const { contexts } = decodeLspContextFolders(params, '');
    told = new Map(contexts.map(({ uri, contextDirectory }) => [uri, contextDirectory]));
    onChange();
  });
  return (uri) => {
    const path = documentPath(uri);
    return path === undefined ? undefined : (told.get(uri) ?? dirname(path));
  };
}
