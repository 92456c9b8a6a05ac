/** What the metadata store keeps of one snapshot. */

import { parseDigest } from '../../core/oci/digest.ts';
import type { LayerInfo, SnapshotInfo, SnapshotState } from './snapshotter.ts';

export interface SnapshotRow {
  readonly name: string;
  /** Names its directory; never given twice. */
  readonly number: number;
  readonly parent?: string | undefined;
  readonly state: SnapshotState;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Known once the layer was hashed or came as a tar. */
  readonly layer?: LayerInfo;
  /** It came as a tar, whose exact bytes a recipe gives back. */
  readonly hasRecipe: boolean;
  /** `<number>/inodes` tells of its inodes. */
  readonly hasInodes?: boolean;
  /** Sum of the sizes of its regular files, where it is known before the layer is. */
  readonly fileBytes?: number;
}

/** Reads a row that this engine wrote. */
export function decodeSnapshotRow(value: unknown): SnapshotRow {
  const row = value as SnapshotRow; // only overlay.ts writes this kind, in this shape
  return row.layer === undefined
    ? row
    : { ...row, layer: { ...row.layer, diffId: parseDigest(row.layer.diffId) } };
}

export function infoOf(row: SnapshotRow): SnapshotInfo {
  return { name: row.name, parent: row.parent, state: row.state, createdAt: new Date(row.createdAt) };
}
