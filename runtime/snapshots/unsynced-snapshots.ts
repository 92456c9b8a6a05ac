/**
 * Which snapshots may not be on disk yet. They are whole for as long as the machine runs, whatever becomes of the engine;
 * after a crash of the machine nobody knows what of them was written, so they and all that stands on them are given up.
 */

import { bootId } from '../host/boot-id.ts';
import type { Collection, MetadataStore } from '../store/metadata.ts';
import type { SnapshotRow } from './snapshot-row.ts';

interface UnsyncedRow {
  /** Boot of the machine in which it was written. */
  readonly boot: string;
}

/** Kept in the metadata store, in the same transaction as the snapshot's row. */
export class UnsyncedSnapshots {
  readonly #rows: Collection<UnsyncedRow>;
  readonly #boot = bootId();

  constructor(metadata: MetadataStore) {
    this.#rows = metadata.collection('unsynced-snapshot', (value) => value as UnsyncedRow); // only this file writes them
  }

  /** To be called in the transaction that commits the snapshot. */
  add(name: string): void {
    this.#rows.put(name, { boot: this.#boot });
  }

  /** It is on disk, or gone. */
  settle(name: string): void {
    try {
      this.#rows.delete(name);
    } catch {
      // A full disk: it counts as unsynced for a while longer.
    }
  }

  /** Those of earlier boots, and what stands on them. */
  lost(snapshots: readonly SnapshotRow[]): ReadonlySet<string> {
    const lost = new Set(this.names().filter((name) => this.#rows.get(name)?.boot !== this.#boot));
    for (let nBefore = -1; nBefore < lost.size; ) {
      nBefore = lost.size;
      for (const { name, parent } of snapshots) if (parent !== undefined && lost.has(parent)) lost.add(name);
    }
    return lost;
  }

  /** All of them, of whatever boot. */
  names(): readonly string[] {
    return this.#rows.ids();
  }
}
