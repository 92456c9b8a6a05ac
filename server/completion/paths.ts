/** Completion of paths in the build context, read from its folder. */

import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';

import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver/node';

import { readIgnoreFile } from '../../core/context/ignore.ts';
import type { CompletionRequest } from './request.ts';

/** A folder with more entries than this is cut, because nobody reads such a list. */
const MAX_ENTRIES = 500;

/** A path that is being written. */
export interface PathPlace {
  /** What the items replace, up to the cursor. */
  readonly typed: string;
  /** plain: a word; blanks would part it, and signs mean something. string: inside the quotes of a JSON array. element: where its next string begins. */
  readonly form: 'plain' | 'string' | 'element';
}

/** What the paths are read from. */
export interface PathContext {
  /** Absolute. */
  readonly directory: string;
  /** Of the ignore file that counts; empty without one. */
  readonly ignoreText: string;
}

/** Undefined where no source of COPY and ADD that comes from the context can stand. */
export function pathPlace({
  document,
  instruction,
  offset,
  typed,
}: CompletionRequest): PathPlace | undefined {
  if (instruction?.name !== 'COPY' && instruction?.name !== 'ADD') return undefined;
  if (instruction.flags.some((flag) => flag.name === 'from')) return undefined;
  const { span, text } = instruction.rest;
  if (!text.startsWith('[')) return { typed, form: 'plain' };
  const behind = document.textOf({ start: span.start, end: offset }).replaceAll(/"(?:[^"\\]|\\.)*"/g, 'w');
  const open = behind.indexOf('"');
  if (open >= 0) return { typed: behind.slice(open + 1), form: 'string' };
  return /[[,]\s*$/.test(behind) ? { typed: '', form: 'element' } : undefined;
}

/** Empty where the folder can't be read. Names that cannot be written in a form are left out, and what the ignore file keeps out of the context. */
export async function pathItems(
  place: PathPlace,
  { directory, ignoreText }: PathContext,
): Promise<CompletionItem[]> {
  const folderPart = place.typed.slice(0, place.typed.lastIndexOf('/') + 1);
  const written = place.form === 'plain' ? folderPart : unescaped(folderPart);
  // Docker: `..` does not leave the context.
  const inside = posix.normalize(`/${written}`);
  const entries = await readdir(join(directory, inside), { withFileTypes: true }).catch(() => []);
  const ignore = readIgnoreFile(ignoreText).value.matcher;
  const isKeptOut = (entry: Dirent): boolean => {
    const path = posix.join(inside, entry.name).slice(1);
    // Of an ignored folder something may be let in again.
    return ignore.matches(path) && (!entry.isDirectory() || ignore.coversBelow(path));
  };
  const special = place.form === 'plain' ? /[\s"'$*?[\\\]]/ : /[$*?[\\\]]/;
  return entries
    .filter((entry) => entry.name !== '.git' && !special.test(entry.name) && !isKeptOut(entry))
    .slice(0, MAX_ENTRIES)
    .map((entry) => {
      const label = entry.isDirectory() ? `${entry.name}/` : entry.name;
      const text = `${folderPart}${place.form === 'plain' ? label : JSON.stringify(label).slice(1, -1)}`;
      return {
        label,
        kind: entry.isDirectory() ? CompletionItemKind.Folder : CompletionItemKind.File,
        filterText: text,
        insertText: place.form === 'element' ? `"${text}"` : text,
      };
    });
}

/** What a part of a JSON string says; as it is written where that is no JSON. */
function unescaped(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}
