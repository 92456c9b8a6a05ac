/** Digests of stacks of layers: image-spec config.md §"Layer ChainID". */

import { type Digest, digestOf } from './digest.ts';

/** For each layer the chainID of the stack up to it, lowest first. */
export function chainIds(diffIds: readonly Digest[]): readonly Digest[] {
  const chain: Digest[] = [];
  for (const diffId of diffIds) {
    const below = chain.at(-1);
    chain.push(below === undefined ? diffId : digestOf(`${below} ${diffId}`));
  }
  return chain;
}
