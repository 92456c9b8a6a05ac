/** A FileTree whose files lie on this host, so that their content can be copied without passing through the engine. */

import type { FileTree } from '../../core/context/file-tree.ts';

export interface HostedTree extends FileTree {
  /** Host path of a regular file of the tree; its components are no symlinks. */
  hostPath(path: string): string | Buffer;
}

export function isHosted(tree: FileTree): tree is HostedTree {
  return 'hostPath' in tree;
}
