/** What a context transfer reads from: entries and digests of a tree, contents of the directory below it. */

import type { FileTree } from '../../../core/context/file-tree.ts';
import { type OpenContent, openContent } from '../../../local/disk-content.ts';
import type { KnownContexts } from '../../../local/known-contexts.ts';

export interface ContextSource {
  /** Ignore patterns applied. */
  readonly tree: FileTree;
  /** Of the directory `tree` lists: saves hashing and sending what an engine had before. */
  readonly known?: KnownContexts;
  /** Undefined when the file is gone. */
  open(path: string): Promise<OpenContent | undefined>;
}

/** `root` is the real path of the directory `tree` lists. */
export function directorySource(root: string, tree: FileTree, known?: KnownContexts): ContextSource {
  const source: ContextSource = { tree, open: (path) => openContent(root, path) };
  return known === undefined ? source : { ...source, known };
}
