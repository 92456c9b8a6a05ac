/** The active snapshots that are written without a mount, by number, and what is known of them when they are kept. */

import { join } from 'node:path';

import { NaruError } from '../../core/errors.ts';
import { writeLayerInodes } from './layer-inodes.ts';
import type { LayerRoot } from './layer-root.ts';
import type { SnapshotRow } from './snapshot-row.ts';

/** In memory only: snapshots that a build was writing do not outlive the engine. */
export class UnmountedLayers {
  readonly #roots = new Map<number, LayerRoot>();

  /** The same one each time. */
  open(number: number, make: () => LayerRoot): LayerRoot {
    const root = this.#roots.get(number) ?? make();
    this.#roots.set(number, root);
    return root;
  }

  /**
   * It is going to be mounted, and so is not known any more to be as it was written.
   * Invariant: a snapshot that holds linked files is never mounted to be written, because a write would reach every layer that has them.
   * @throws NaruError "internal" E_LAYER_LINKED when it does
   */
  giveUp(number: number): void {
    const root = this.#roots.get(number);
    if (root === undefined) return;
    if (root.seal().inodes.size > 0)
      throw new NaruError('internal', 'E_LAYER_LINKED', `snapshot ${number} holds files of other layers`);
    this.#roots.delete(number);
  }

  /** It is complete: writes down, in the snapshot's directory, what is known of its inodes. */
  keep(number: number, directory: string): Pick<SnapshotRow, 'hasInodes' | 'fileBytes'> {
    const root = this.#roots.get(number);
    if (root === undefined) return {};
    this.#roots.delete(number);
    const { inodes, fileBytes } = root.seal();
    if (inodes.size === 0) return { fileBytes };
    writeLayerInodes(inodesIn(directory), inodes);
    return { fileBytes, hasInodes: true };
  }

  /** Whether it is written without a mount. */
  has(number: number): boolean {
    return this.#roots.has(number);
  }

  /** It is removed. */
  forget(number: number): void {
    this.#roots.delete(number);
  }
}

/** Path of what `keep` writes. */
export function inodesIn(directory: string): string {
  return join(directory, 'inodes');
}
