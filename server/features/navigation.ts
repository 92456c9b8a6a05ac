/** Definition, references, highlights and rename of stages and variables: four views of one symbol table. */

import {
  type DocumentHighlight,
  DocumentHighlightKind,
  type Location,
  ResponseError,
  type TextEdit,
} from 'vscode-languageserver/node';

import type { NamedSymbol, Occurrence } from '../../core/dockerfile/symbols.ts';
import type { OpenDocument } from '../documents.ts';
import type { Feature } from '../feature.ts';
import { fixedName, unfitName } from '../renaming.ts';

/** LSP's RequestFailed: the request was understood and cannot be done. */
const REQUEST_FAILED = -32803;

export const navigation: Feature = {
  name: 'navigation',
  capabilities: {
    definitionProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
    renameProvider: { prepareProvider: true },
  },
  start({ connection, documents }) {
    function find(params: FindParams): [OpenDocument, Occurrence] | undefined {
      const document = documents.get(params.textDocument.uri);
      const occurrence = document?.symbols.at(document.offsetAt(params.position));
      return document === undefined || occurrence === undefined ? undefined : [document, occurrence];
    }
    connection.onDefinition((params) => {
      const found = find(params);
      return found === undefined ? null : definition(...found);
    });
    connection.onReferences((params) => {
      const found = find(params);
      return found === undefined ? null : references(...found, params.context.includeDeclaration);
    });
    connection.onDocumentHighlight((params) => {
      const found = find(params);
      return found === undefined ? null : highlights(...found);
    });
    connection.onPrepareRename((params) => {
      const found = find(params);
      if (found === undefined || isIndex(...found)) return null;
      const [document, { span, symbol }] = found;
      return refused(fixedName(document, symbol)) ?? document.rangeOf(span);
    });
    connection.onRenameRequest((params) => {
      const found = find(params);
      if (found === undefined) return null;
      const [document, { symbol }] = found;
      const { newName } = params;
      const refusal = refused(fixedName(document, symbol) ?? unfitName(document, symbol, newName));
      if (refusal !== undefined) return refusal;
      return { changes: { [document.uri]: renames(document, symbol, newName) } };
    });
  },
};

function refused(reason: string | undefined): ResponseError<void> | undefined {
  return reason === undefined ? undefined : new ResponseError(REQUEST_FAILED, reason);
}

interface FindParams {
  readonly textDocument: { readonly uri: string };
  readonly position: { line: number; character: number };
}

function definition(document: OpenDocument, occurrence: Occurrence): Location {
  const target = document.symbols.definitionOf(occurrence);
  return { uri: document.uri, range: document.rangeOf(target.span) };
}

function references(
  document: OpenDocument,
  { symbol }: Occurrence,
  isDeclarationIncluded: boolean,
): Location[] {
  return symbol.occurrences
    .filter((other) => isDeclarationIncluded || !other.isDeclaration)
    .map((other) => ({ uri: document.uri, range: document.rangeOf(other.span) }));
}

function highlights(document: OpenDocument, { symbol }: Occurrence): DocumentHighlight[] {
  return symbol.occurrences.map((other) => ({
    range: document.rangeOf(other.span),
    kind: other.isDeclaration ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
  }));
}

function renames(document: OpenDocument, symbol: NamedSymbol, newText: string): TextEdit[] {
  return symbol.occurrences
    .filter((occurrence) => !isIndex(document, occurrence))
    .map((occurrence) => ({ range: document.rangeOf(occurrence.span), newText }));
}

/** `--from=0` names a stage by its place and stays as it is when the stage is renamed. */
function isIndex(document: OpenDocument, occurrence: Occurrence): boolean {
  return occurrence.symbol.kind === 'stage' && /^\d+$/.test(document.textOf(occurrence.span));
}
