/** A FileTree whose files lie on this host, so that their content can be copied without passing through the engine. */

import type { FileTree } from '../../core/context/file-tree.ts';

export interface HostedTree extends FileTree {
  /** Host path of a regular file of the tree; its components are no symlinks. */
  hostPath(path: string): string | Buffer;
}

export function isHosted(tree: FileTree): tree is HostedTree {
  return 'hostPath' in tree;
}

/** The same files without their digests: to select what is only copied, nothing has to be read. */
export function withoutDigests(tree: FileTree): FileTree {
  return {
    stat: (path) => tree.stat(path),
    walk: (path, options) => tree.walk(path, options),
    digests: async (paths) => paths.map(() => undefined),
    read: (path, maxBytes) => tree.read(path, maxBytes),
  };
}
