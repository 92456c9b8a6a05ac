/** The overlay mounts of snapshots at `<root>/<number>/merged`: which there are, made and taken away. */

import * as fs from 'node:fs';
import { join } from 'node:path';

import { mountOverlay, mountPointsBelow, unmountAside, unmountIfMounted } from '../host/overlay-mount.ts';

/** What is mounted over what. */
export interface SnapshotMount {
  readonly number: number;
  /** Numbers of the snapshots below, topmost first; at least one. */
  readonly below: readonly number[];
  readonly isWritable: boolean;
  /** As of `OverlayMount`. */
  readonly isVolatile: boolean;
}

/** One per directory of snapshots. */
export class SnapshotMounts {
  readonly #root: string;
  readonly #isRootless: boolean;
  readonly #mounted = new Set<number>();
  readonly #unmounting = new Map<number, Promise<void>>();

  /** `root` is absolute and without links. */
  constructor(root: string, isRootless: boolean) {
    this.#root = root;
    this.#isRootless = isRootless;
  }

  /** Takes over the mounts of an earlier process, those of numbers that are known; the others go. */
  recover(known: ReadonlySet<number>): void {
    for (const point of mountPointsBelow(this.#root)) {
      const number = Number(point.slice(this.#root.length + 1).split('/')[0]);
      if (known.has(number)) this.#mounted.add(number);
      else unmountIfMounted(point);
    }
  }

  /** Answers where; once is enough. */
  async mount({ number, below, isWritable, isVolatile }: SnapshotMount): Promise<string> {
    const target = this.#target(number);
    await this.#unmounting.get(number);
    if (this.#mounted.has(number)) return target;
    fs.mkdirSync(target, { recursive: true });
    const own = `${number}/fs`;
    const lowers = below.map((lower) => `${lower}/fs`);
    const options = { base: this.#root, target, isVolatile, isRootless: this.#isRootless };
    if (isWritable) {
      mountOverlay({ ...options, lowers, upper: { directory: own, work: `${number}/work` } });
    } else {
      // An empty layer on top makes it an overlay even of one layer: a bind mount could be made writable again from inside.
      mountOverlay({ ...options, lowers: [own, ...lowers] });
    }
    this.#mounted.add(number);
    return target;
  }

  /** Not mounted is no error. Who mounts it again meanwhile waits for the end of this. */
  async unmount(number: number): Promise<void> {
    if (!this.#mounted.delete(number)) return this.#unmounting.get(number);
    const done = unmountAside(this.#target(number)).finally(() => this.#unmounting.delete(number));
    this.#unmounting.set(number, done);
    await done;
  }

  #target(number: number): string {
    return join(this.#root, String(number), 'merged');
  }
}
