/** Formatting of a file or of some of its lines; what changes is decided by core/dockerfile/format.ts. */

import type { Range, TextEdit } from 'vscode-languageserver/node';

import { formatDockerfile } from '../../core/dockerfile/format.ts';
import type { OpenDocument } from '../documents.ts';
import type { Feature } from '../feature.ts';

export const formatting: Feature = {
  name: 'formatting',
  capabilities: { documentFormattingProvider: true, documentRangeFormattingProvider: true },
  start({ connection, documents }) {
    connection.onDocumentFormatting(({ textDocument }) => {
      const document = documents.get(textDocument.uri);
      return document === undefined ? null : edits(document);
    });
    connection.onDocumentRangeFormatting(({ textDocument, range }) => {
      const document = documents.get(textDocument.uri);
      return document === undefined ? null : edits(document).filter((edit) => isWithin(edit.range, range));
    });
  },
};

function edits(document: OpenDocument): TextEdit[] {
  return formatDockerfile(document.dockerfile).map(({ span, text }) => ({
    range: document.rangeOf(span),
    newText: text,
  }));
}

function isWithin(edit: Range, range: Range): boolean {
  return edit.start.line >= range.start.line && edit.end.line <= range.end.line;
}
