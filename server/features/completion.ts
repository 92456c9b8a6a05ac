/** Completion: keywords, flags and their values, stages, variables, and paths of the build context. */

import type { CompletionItem } from 'vscode-languageserver/node';

import { ignoreFileOf } from '../../local/ignore-file.ts';
import { flagItems, typedPart } from '../completion/flags.ts';
import { commentItems } from '../completion/comments.ts';
import { keywordItems, wordItems } from '../completion/keywords.ts';
import { pathItems, type PathPlace, pathPlace } from '../completion/paths.ts';
import { type CompletionRequest, completionRequest } from '../completion/request.ts';
import { stageItems } from '../completion/stages.ts';
import { argItems, variableItems } from '../completion/variables.ts';
import { documentPath } from '../document-path.ts';
import type { Feature } from '../feature.ts';
import { plainText } from '../plain-text.ts';

export const completion: Feature = {
  name: 'completion',
  capabilities: {
    completionProvider: { triggerCharacters: ['-', '=', '$', '{', '/', ',', ' ', '#', '"', '['] },
  },
  start({ connection, documents, options, contextOf }) {
    connection.onCompletion(async ({ textDocument, position }) => {
      const document = documents.get(textDocument.uri);
      if (document === undefined) return null;
      const request = completionRequest(document, document.offsetAt(position));
      const items = await completeAt(request, contextOf(document.uri));
      return options.documentsInMarkdown ? items : items.map(withPlainText);
    });
  },
};

async function completeAt(
  request: CompletionRequest,
  context: string | undefined,
): Promise<CompletionItem[]> {
  const comment = commentItems(request);
  if (comment !== undefined) return replacing(request, comment.typed, comment.items);
  if (request.instruction === undefined) return replacing(request, request.typed, keywordItems(request));
  const variables = variableItems(request);
  if (variables !== undefined) return replacing(request, /\w*$/.exec(request.typed)?.[0] ?? '', variables);
  const flags = flagItems(request);
  if (flags !== undefined) {
    const typed = request.typed.includes('=') ? typedPart(request.typed) : request.typed;
    return replacing(request, typed, flags);
  }
  const isFirst = request.wordsBefore.every((word) => word.startsWith('--'));
  const stages =
    request.instruction.name === 'FROM' && isFirst ? [...stageItems(request), { label: 'scratch' }] : [];
  const place = pathPlace(request);
  if (place !== undefined) return replacing(request, place.typed, await pathsOf(request, place, context));
  return replacing(request, request.typed, [...stages, ...wordItems(request), ...argItems(request)]);
}

/** Of a document that is in no file there are none. */
async function pathsOf(
  { document }: CompletionRequest,
  place: PathPlace,
  directory: string | undefined,
): Promise<CompletionItem[]> {
  const file = documentPath(document.uri);
  if (file === undefined || directory === undefined) return [];
  return pathItems(place, { directory, ignoreText: ignoreFileOf(file, directory) ?? '' });
}

function withPlainText({ documentation, ...item }: CompletionItem): CompletionItem {
  if (documentation === undefined) return item;
  return {
    ...item,
    documentation: typeof documentation === 'string' ? documentation : plainText(documentation.value),
  };
}

/** Gives every item the range it replaces, so that no editor has to guess where a word begins. */
function replacing(
  { document, offset }: CompletionRequest,
  typed: string,
  items: CompletionItem[],
): CompletionItem[] {
  const range = document.rangeOf({ start: offset - typed.length, end: offset });
  return items.map(({ insertText, ...item }) => ({
    ...item,
    textEdit: { range, newText: insertText ?? item.label },
  }));
}
