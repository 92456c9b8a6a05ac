/** Trees of committed snapshots as long as somebody uses one: whoever looks finds what another just read of it. */

import type { LayeredTree } from './merged-tree.ts';

/** Holds them weakly: a tree goes with its last user. */
export class KnownTrees {
  readonly #trees = new Map<number, WeakRef<LayeredTree>>();

  /** `number` is the snapshot's. */
  get(number: number, make: () => LayeredTree): LayeredTree {
    const known = this.#trees.get(number)?.deref();
    if (known !== undefined) return known;
    for (const [other, reference] of this.#trees)
      if (reference.deref() === undefined) this.#trees.delete(other);
    const tree = make();
    this.#trees.set(number, new WeakRef(tree));
    return tree;
  }
}
