/** Paths in a tree with their symlinks followed, never leaving the tree's root: `..` and absolute targets stop there. */

import type { FileEntry, FileTree } from './file-tree.ts';
import { joinPath, parentPath, treePath } from './paths.ts';

/** More links than this on the way are taken for a loop, as in github.com/containerd/continuity/fs. */
const MAX_LINKS = 255;

/** The entry a path leads to, every symlink followed, its last component's included; undefined when it leads nowhere. */
export async function resolveEntry(tree: FileTree, path: string): Promise<FileEntry | undefined> {
  const found = await follow(tree, path);
  return found === 'circle' ? undefined : found;
}

/** Whether links send a path round in circles, which is told apart from a path that is not there. */
export async function isCircular(tree: FileTree, path: string): Promise<boolean> {
  return (await follow(tree, path)) === 'circle';
}

async function follow(tree: FileTree, path: string): Promise<FileEntry | 'circle' | undefined> {
  let rest = treePath(path);
  let done = '';
  for (let nLinks = 0; nLinks <= MAX_LINKS; ) {
    if (rest === '') return tree.stat(done);
    const slash = rest.indexOf('/');
    const next = joinPath(done, slash < 0 ? rest : rest.slice(0, slash));
    const entry = await tree.stat(next);
    if (entry === undefined) return undefined;
    rest = slash < 0 ? '' : rest.slice(slash + 1);
    if (entry.kind !== 'symlink') {
      if (rest === '') return entry;
      done = next;
      continue;
    }
    nLinks += 1;
    const target = entry.linkTarget ?? '';
    const from = target.startsWith('/') ? '' : parentPath(next);
    rest = treePath(`${from}/${target}/${rest}`);
    done = '';
  }
  return 'circle';
}
