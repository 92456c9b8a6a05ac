/** Completion of paths in the build context, read from its folder. */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver/node';

import type { CompletionRequest } from './request.ts';

/** A folder with more entries than this is cut, because nobody reads such a list. */
const MAX_ENTRIES = 500;

/** Sources of COPY and ADD that come from the context; empty for everything else, and where the folder can't be read. `context` is undefined for a document that is in no file. */
export async function pathItems(
  request: CompletionRequest,
  context: string | undefined,
): Promise<CompletionItem[]> {
  const { instruction, typed } = request;
  if (instruction?.name !== 'COPY' && instruction?.name !== 'ADD') return [];
  if (instruction.flags.some((flag) => flag.name === 'from') || context === undefined) return [];
  const folderPart = typed.slice(0, typed.lastIndexOf('/') + 1);
  const folder = join(context, folderPart.replace(/^\/+/, ''));
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.name !== '.git')
    .slice(0, MAX_ENTRIES)
    .map((entry) => ({
      label: entry.isDirectory() ? `${entry.name}/` : entry.name,
      kind: entry.isDirectory() ? CompletionItemKind.Folder : CompletionItemKind.File,
      filterText: `${folderPart}${entry.name}`,
      insertText: `${folderPart}${entry.name}${entry.isDirectory() ? '/' : ''}`,
    }));
}
