/** Completion: keywords, flags and their values, stages, variables, and paths of the build context. */

import type { CompletionItem } from 'vscode-languageserver/node';

import { flagItems, typedPart } from '../completion/flags.ts';
import { keywordItems, wordItems } from '../completion/keywords.ts';
import { pathItems } from '../completion/paths.ts';
import { type CompletionRequest, completionRequest } from '../completion/request.ts';
import { stageItems } from '../completion/stages.ts';
import { argItems, variableItems } from '../completion/variables.ts';
import type { Feature } from '../feature.ts';

export const completion: Feature = {
  name: 'completion',
  capabilities: { completionProvider: { triggerCharacters: ['-', '=', '$', '{', '/', ',', ' ', '#'] } },
  start({ connection, documents, contextOf }) {
    connection.onCompletion(async ({ textDocument, position }) => {
      const document = documents.get(textDocument.uri);
      if (document === undefined) return null;
      const request = completionRequest(document, document.offsetAt(position));
      return completeAt(request, contextOf(document.uri));
    });
  },
};

async function completeAt(
  request: CompletionRequest,
  context: string | undefined,
): Promise<CompletionItem[]> {
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
  const items = [
    ...stages,
    ...wordItems(request),
    ...argItems(request),
    ...(await pathItems(request, context)),
  ];
  return replacing(request, request.typed, items);
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
