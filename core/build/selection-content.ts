/** What names the files that a step takes from another result. */

import type { FileTree } from '../context/file-tree.ts';
import type { Digest } from '../oci/digest.ts';

import { contentDigest } from './cache-key.ts';
import type { FileSelection } from './cache-record.ts';
import { landSelection } from './requests.ts';

/**
 * Digest of what a selection lands of a tree whose digests can be read.
 * Undefined where a source is missing: no step was made of that, though a wildcard without a match lands as little.
 */
export async function selectionContent(
  tree: FileTree,
  selection: FileSelection,
): Promise<Digest | undefined> {
  const { landed, faults } = await landSelection(tree, selection);
  if (faults.length > 0) return undefined;
  return contentDigest(landed, selection.kind === 'copy' ? selection : {});
}
