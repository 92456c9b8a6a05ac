/** What committed snapshots stand on. Each step of a build asks for its whole chain several times, so it is remembered: it does not change, and nothing goes before what stands on it. */

import type { SnapshotRow } from './snapshot-row.ts';

/** What does not change of a committed snapshot. */
export type ChainLink = Pick<SnapshotRow, 'number' | 'parent' | 'hasInodes'>;

/** One per snapshotter. */
export class SnapshotChains {
  readonly #read: (name: string) => SnapshotRow;
  readonly #links = new Map<string, ChainLink>();

  /** `read` answers the row of a committed snapshot, or throws. */
  constructor(read: (name: string) => SnapshotRow) {
    this.#read = read;
  }

  /** A committed snapshot and those below it, topmost first. @throws what `read` throws */
  of(name: string | undefined): readonly ChainLink[] {
    const links: ChainLink[] = [];
    for (let next = name; next !== undefined; ) {
      const link = this.#links.get(next) ?? this.#learn(next);
      links.push(link);
      next = link.parent;
    }
    return links;
  }

  /** It goes; its name may be given again. */
  forget(name: string): void {
    this.#links.delete(name);
  }

  #learn(name: string): ChainLink {
    const { number, parent, hasInodes = false } = this.#read(name);
    const link = { number, parent, hasInodes };
    this.#links.set(name, link);
    return link;
  }
}
