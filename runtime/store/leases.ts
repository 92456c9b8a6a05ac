/**
 * What keeps snapshots, contexts and cache mounts alive. An owner (an image, a cache record, a running build) holds resources; what nobody holds may be removed.
 * Nothing is removed here: whoever stores a resource asks `isHeld` before it removes one.
 */

import type { MetadataStore } from './metadata.ts';

/** Something that can be held; made by `snapshotResource`. */
export type Resource = string & { readonly __brand: 'Resource' };

/** Owners that begin with this die with the process: they belong to its work. */
export const TEMPORARY_OWNER = 'temporary:';
/** Owners of image layers, followed by the image ID. */
export const IMAGE_OWNER = 'image:';
/** Owners of cached results, followed by the id of the record. */
export const CACHE_OWNER = 'cache:';

export interface Leases {
  /** Holding twice is holding once. */
  hold(owner: string, resource: Resource): void;
  /** Without `resource`: everything the owner holds. */
  release(owner: string, resource?: Resource): void;
  isHeld(resource: Resource): boolean;
  /** In byte order. */
  owners(resource: Resource): readonly string[];
  /** Owners of every held snapshot by its name. */
  snapshotOwners(): ReadonlyMap<string, readonly string[]>;
  /** Drops what older engines kept of temporary owners; to be called once, when the engine starts. */
  recover(): void;
}

const SNAPSHOT = 'snapshot:';

/** A committed snapshot, by its name. */
export function snapshotResource(name: string): Resource {
  return `${SNAPSHOT}${name}` as Resource; // this function makes the brand
}

/** A build context that a client sent, by its id. */
export function contextResource(id: string): Resource {
  return `context:${id}` as Resource; // as above
}

/** The directory of a cache mount, by its name. */
export function mountResource(name: string): Resource {
  return `mount:${name}` as Resource; // as above
}

/** Leases kept in the metadata store; a change made inside its `transaction` belongs to it. Those of temporary owners are kept in memory and need no disk. */
export function openLeases(metadata: MetadataStore): Leases {
  const rows = metadata.leaseRows;
  const temporary = temporaryLeases();
  return {
    hold: (owner, resource) =>
      isTemporary(owner) ? temporary.hold(owner, resource) : rows.add(owner, resource),
    release: (owner, resource) =>
      isTemporary(owner) ? temporary.release(owner, resource) : rows.remove(owner, resource),
    isHeld: (resource) => temporary.owners(resource).length > 0 || rows.owners(resource).length > 0,
    owners: (resource) => [...rows.owners(resource), ...temporary.owners(resource)].toSorted(),
    snapshotOwners: () => {
      const owners = new Map<string, string[]>();
      for (const { owner, resource } of [...rows.all(), ...temporary.all()]) {
        if (!resource.startsWith(SNAPSHOT)) continue;
        const name = resource.slice(SNAPSHOT.length);
        const known = owners.get(name);
        if (known === undefined) owners.set(name, [owner]);
        else known.push(owner);
      }
      return owners;
    },
    recover: () => rows.removeByPrefix(TEMPORARY_OWNER),
  };
}

interface TemporaryLeases {
  hold(owner: string, resource: Resource): void;
  release(owner: string, resource?: Resource): void;
  owners(resource: Resource): readonly string[];
  all(): readonly { readonly owner: string; readonly resource: Resource }[];
}

function temporaryLeases(): TemporaryLeases {
  const byOwner = new Map<string, Set<Resource>>();
  const byResource = new Map<Resource, Set<string>>();
  function drop(owner: string, resource: Resource): void {
    byOwner.get(owner)?.delete(resource);
    if (byOwner.get(owner)?.size === 0) byOwner.delete(owner);
    byResource.get(resource)?.delete(owner);
    if (byResource.get(resource)?.size === 0) byResource.delete(resource);
  }
  return {
    hold: (owner, resource) => {
      byOwner.set(owner, (byOwner.get(owner) ?? new Set()).add(resource));
      byResource.set(resource, (byResource.get(resource) ?? new Set()).add(owner));
    },
    release: (owner, resource) => {
      if (resource !== undefined) drop(owner, resource);
      else for (const held of byOwner.get(owner) ?? []) drop(owner, held);
    },
    owners: (resource) => [...(byResource.get(resource) ?? [])],
    all: () => [...byOwner].flatMap(([owner, held]) => [...held].map((resource) => ({ owner, resource }))),
  };
}

function isTemporary(owner: string): boolean {
  return owner.startsWith(TEMPORARY_OWNER);
}
