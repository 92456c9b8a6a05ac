/** What a context transfer reads from: entries and digests of a tree, contents of the directory below it. */

import type { FileTree } from '../../../core/context/file-tree.ts';
import type { SeenDirectory } from '../../../core/protocol/context-look.ts';
import { type OpenContent, openContent } from '../../../local/disk-content.ts';
import type { KnownContexts } from '../../../local/known-contexts.ts';

export interface ContextSource {
  /** Ignore patterns applied. */
  readonly tree: FileTree;
  /** Of the directory `tree` lists: saves hashing and sending what an engine had before. */
  readonly known?: KnownContexts;
  /** What an engine saw that was asked to look at the whole directory; set where nothing of it is ignored. */
  readonly seen?: Promise<SeenDirectory | undefined>;
  /** Undefined when the file is gone. */
  open(path: string): Promise<OpenContent | undefined>;
}

/** `root` is the real path of the directory `tree` lists; `seen` as in a source. */
export function directorySource(
  root: string,
  tree: FileTree,
  known?: KnownContexts,
  seen?: ContextSource['seen'],
): ContextSource {
  const source: ContextSource = { tree, open: (path) => openContent(root, path) };
  return {
    ...source,
    ...(known === undefined ? {} : { known }),
    ...(seen === undefined ? {} : { seen }),
  };
}
