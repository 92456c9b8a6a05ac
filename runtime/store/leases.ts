/**
 * What keeps snapshots alive. An owner (an image, a cache record, a running build) holds resources; what nobody holds may be removed.
 * Nothing is removed here: whoever stores a resource asks `isHeld` before it removes one.
 */

import type { MetadataStore } from './metadata.ts';

/** Something that can be held; made by `snapshotResource`. */
export type Resource = string & { readonly __brand: 'Resource' };

/** Owners that begin with this are forgotten when the engine starts: they belong to work that died with it. */
export const TEMPORARY_OWNER = 'temporary:';

export interface Leases {
  /** Holding twice is holding once. */
  hold(owner: string, resource: Resource): void;
  /** Without `resource`: everything the owner holds. */
  release(owner: string, resource?: Resource): void;
  isHeld(resource: Resource): boolean;
  owners(resource: Resource): readonly string[];
  /** Drops the leases of temporary owners; to be called once, when the engine starts. */
  recover(): void;
}

/** A committed snapshot, by its name. */
export function snapshotResource(name: string): Resource {
  return `snapshot:${name}` as Resource; // this function makes the brand
}

/** Leases kept in the metadata store; a change made inside its `transaction` belongs to it. */
export function openLeases(metadata: MetadataStore): Leases {
  const rows = metadata.leaseRows;
  return {
    hold: (owner, resource) => rows.add(owner, resource),
    release: (owner, resource) => rows.remove(owner, resource),
    isHeld: (resource) => rows.owners(resource).length > 0,
    owners: (resource) => rows.owners(resource),
    recover: () => rows.removeByPrefix(TEMPORARY_OWNER),
  };
}
