/**
 * Which snapshots may not be on disk yet. They are whole for as long as the machine runs, whatever becomes of the engine;
 * after a crash of the machine nobody knows what of them was written, so they and all that stands on them are given up.
 */

import { bootId } from '../../local/boot-id.ts';
import type { Collection, MetadataStore } from '../store/metadata.ts';
import { DiskSync } from './disk-sync.ts';
import type { SnapshotRow } from './snapshot-row.ts';

interface UnsyncedRow {
  /** Boot of the machine in which it was written. */
  readonly boot: string;
}

/** No boot of a machine. */
const LOST = 'lost';

/** A crash of the machine costs at most the steps of the last second, which the metadata may have lost as well. */
const SYNC_DELAY_MS = 1000;

/** Kept in the metadata store, in the same transaction as the snapshot's row. */
export class UnsyncedSnapshots {
  readonly #metadata: MetadataStore;
  readonly #rows: Collection<UnsyncedRow>;
  readonly #disk: DiskSync;
  readonly #boot = bootId();
  /** Of this process. */
  readonly #lost = new Set<string>();

  /** `sync` brings all that was written before to disk. */
  constructor(metadata: MetadataStore, sync: () => Promise<void>) {
    this.#metadata = metadata;
    this.#rows = metadata.collection('unsynced-snapshot', (value) => value as UnsyncedRow); // only this file writes them
    this.#disk = new DiskSync({
      sync,
      delayMs: SYNC_DELAY_MS,
      onDisk: (names) => this.#settle(names),
      onLost: (names) => this.#lose(names),
    });
  }

  /** To be called in the transaction that commits the snapshot. */
  add(name: string): void {
    this.#rows.put(name, { boot: this.#boot });
  }

  /** To be called once it is committed: it is brought to disk soon, as decision 0051 says. */
  begin(name: string): void {
    this.#disk.begin(name);
  }

  /** Goes on with what an earlier engine had not brought to disk; what is not there any more is forgotten. */
  resume(isThere: (name: string) => boolean): void {
    for (const name of this.#rows.ids()) {
      if (isThere(name)) this.begin(name);
      else this.forget(name);
    }
  }

  /** Somebody needs it on disk now. */
  hurry(name: string): void {
    this.#disk.hurry(name);
  }

  /** Fulfilled when it is on disk. @throws what the sync throws */
  finished(name: string): Promise<void> {
    return this.#disk.finished(name);
  }

  /** It could not be brought to disk, and never will: another try would say that it is there. */
  isLost(name: string): boolean {
    return this.#lost.has(name);
  }

  /** It is gone. */
  forget(name: string): void {
    this.#lost.delete(name);
    this.#disk.forget(name);
    this.#settle([name]);
  }

  /** Those of earlier boots, and what stands on them. */
  lost(snapshots: readonly SnapshotRow[]): ReadonlySet<string> {
    const lost = new Set(this.#rows.ids().filter((name) => this.#rows.get(name)?.boot !== this.#boot));
    for (let nBefore = -1; nBefore < lost.size; ) {
      nBefore = lost.size;
      for (const { name, parent } of snapshots) if (parent !== undefined && lost.has(parent)) lost.add(name);
    }
    return lost;
  }

  /** Brings all to disk that is left. */
  close(): Promise<void> {
    return this.#disk.close();
  }

  /** The next engine gives them up. */
  #lose(names: readonly string[]): void {
    for (const name of names) this.#lost.add(name);
    try {
      this.#metadata.transaction(() => {
        for (const name of names)
          if (this.#rows.get(name) !== undefined) this.#rows.put(name, { boot: LOST });
      });
    } catch {
      // A full disk: the next engine tries again to bring them there.
    }
  }

  #settle(names: readonly string[]): void {
    try {
      this.#metadata.transaction(() => {
        for (const name of names) this.#rows.delete(name);
      });
    } catch {
      // A full disk: they count as unsynced for a while longer.
    }
  }
}
