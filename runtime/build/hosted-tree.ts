/** A FileTree whose files lie on this host, so that their content can be copied without passing through the engine. */

import type { FileTree } from '../../core/context/file-tree.ts';
import type { Digest } from '../../core/oci/digest.ts';
import type { LayerFile } from '../snapshots/merged-tree.ts';

export interface HostedTree extends FileTree {
  /** Host path of a regular file of the tree; its components are no symlinks. */
  hostPath(path: string): string | Buffer;
  /** What a layer may link to, for a regular file; absent, or undefined: the file can only be copied. */
  readonly donor?: (path: string) => Donor | undefined;
}

/** A file whose inode a layer may share. */
export type Donor = ContentDonor | LayerDonor;

/** One of a committed layer. */
export interface LayerDonor extends LayerFile {
  readonly kind: 'layer';
}

/** One of a store by content: its attributes mean nothing until a file becomes a link to it, whose it then gets. */
export interface ContentDonor {
  readonly kind: 'content';
  /** Only the engine writes it, and only under the lock of its one thread. */
  readonly path: string;
  readonly digest: Digest;
  /** Takes a file with the same content in its place: what lands next rather has the attributes of that one. */
  readonly renew?: (path: string | Buffer) => void;
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
