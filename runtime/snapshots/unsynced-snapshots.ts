/**
 * Which snapshots may not be on disk yet. They are whole for as long as the machine runs, whatever becomes of the engine;
 * after a crash of the machine nobody knows what of them was written, so they and all that stands on them are given up.
 */

import { bootId } from '../../local/boot-id.ts';
import type { Collection, MetadataStore } from '../store/metadata.ts';
import { DiskSync } from './disk-sync.ts';
import { isMarkedLost, markLost } from './snapshot-directory.ts';
import { diskNotTaking } from './snapshot-errors.ts';
import type { SnapshotRow } from './snapshot-row.ts';

interface UnsyncedRow {
  /** Boot of the machine in which it was written. */
  readonly boot: string;
}

/** No boot of a machine. */
const LOST = 'lost';

/** A crash of the machine costs at most the steps of the last second, which the metadata may have lost as well. */
const SYNC_DELAY_MS = 1000;

export interface UnsyncedSnapshotsOptions {
  readonly metadata: MetadataStore;
  /** Brings all that was written before to disk. */
  readonly sync: () => Promise<void>;
  /** Of a snapshot that is there, by its name. */
  readonly directoryOf: (name: string) => string;
}

/** Kept in the metadata store, in the same transaction as the snapshot's row. */
export class UnsyncedSnapshots {
  readonly #metadata: MetadataStore;
  readonly #rows: Collection<UnsyncedRow>;
  readonly #disk: DiskSync;
  readonly #boot = bootId();
  /** Of this process. */
  readonly #lost = new Set<string>();
  /** Of those, what no later engine would know of. */
  #untold: readonly string[] = [];
  /** Runs that failed, and why the last of them did. */
  #nFailures = 0;
  #cause: unknown;
  /** By what is being written: failures until it began. */
  readonly #nFailuresBefore = new Map<string, number>();
  readonly #directoryOf: UnsyncedSnapshotsOptions['directoryOf'];

  constructor({ metadata, sync, directoryOf }: UnsyncedSnapshotsOptions) {
    this.#metadata = metadata;
    this.#directoryOf = directoryOf;
    this.#rows = metadata.collection('unsynced-snapshot', (value) => value as UnsyncedRow); // only this file writes them
    this.#disk = new DiskSync({
      sync,
      delayMs: SYNC_DELAY_MS,
      onDisk: (names) => this.#settle(names),
      onLost: (names, cause) => this.#lose(names, cause),
    });
  }

  /** To be called before a snapshot is written; `key` is any name of its own. */
  writing(key: string): void {
    this.#nFailuresBefore.set(key, this.#nFailures);
  }

  /** To be called when it is complete. A run that failed meanwhile may have been about a part of it, and the next would not say so. @throws "unavailable" E_DISK_SYNC then */
  requireWhole(key: string): void {
    if (this.#nFailures > (this.#nFailuresBefore.get(key) ?? this.#nFailures))
      throw diskNotTaking(this.#cause);
  }

  /** It is committed. */
  written(key: string): void {
    this.#nFailuresBefore.delete(key);
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
    this.#nFailuresBefore.delete(name);
    this.#disk.forget(name);
    this.#settle([name]);
  }

  /** Those of earlier boots, those that the disk did not take, and what stands on them. */
  lost(snapshots: readonly SnapshotRow[]): ReadonlySet<string> {
    const lost = new Set<string>();
    for (const snapshot of snapshots) {
      const row = this.#rows.get(snapshot.name);
      if (row !== undefined && (row.boot !== this.#boot || isMarkedLost(this.#directoryOf(snapshot.name))))
        lost.add(snapshot.name);
    }
    for (let nBefore = -1; nBefore < lost.size; ) {
      nBefore = lost.size;
      for (const { name, parent } of snapshots) if (parent !== undefined && lost.has(parent)) lost.add(name);
    }
    return lost;
  }

  /** Brings all to disk that is left. */
  async close(): Promise<void> {
    await this.#disk.close();
    this.#tell();
  }

  /** The next engine gives them up. */
  #lose(names: readonly string[], cause: unknown): void {
    this.#nFailures += 1;
    this.#cause = cause;
    for (const name of names) this.#lost.add(name);
    this.#untold = [...this.#untold, ...names];
    this.#tell();
  }

  /** In the metadata, and where that cannot be written by the mark. What neither takes is tried again when the engine ends. */
  #tell(): void {
    const names = this.#untold.filter((name) => this.#lost.has(name));
    try {
      this.#metadata.transaction(() => {
        for (const name of names)
          if (this.#rows.get(name) !== undefined) this.#rows.put(name, { boot: LOST });
      });
      this.#untold = [];
    } catch {
      this.#untold = names.filter((name) => !this.#mark(name));
    }
  }

  #mark(name: string): boolean {
    try {
      markLost(this.#directoryOf(name));
      return true;
    } catch {
      return false;
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
