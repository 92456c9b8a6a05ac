/**
 * Layers shared between images: a stack of layers is found by its chainID, so that what two images have in common is stored once.
 * Who works with layers holds them by an owner (store/leases.ts) from the moment they are found or made.
 */

import type { Readable } from 'node:stream';

import { isErrorKind, NaruError } from '../../../core/errors.ts';
import { chainIds } from '../../../core/oci/chain-id.ts';
import type { Digest } from '../../../core/oci/digest.ts';
import type { ImageConfig } from '../../../core/oci/image-config.ts';
import type { LayerInfo, Snapshotter } from '../../snapshots/snapshotter.ts';
import { type Leases, snapshotResource } from '../../store/leases.ts';
import type { Collection, MetadataStore } from '../../store/metadata.ts';

interface ChainRow {
  readonly snapshot: string;
}

/** Names of imported layers begin with it: their chainID is not known before. */
export const IMPORT_PREFIX = 'import-';

export interface ImageLayersOptions {
  readonly metadata: MetadataStore;
  readonly snapshots: Snapshotter;
  readonly leases: Leases;
}

export interface NewLayer {
  /** Of the layers below, lowest first. */
  readonly below: readonly Digest[];
  /** What the config promises. */
  readonly diffId: Digest;
  /** The snapshot of the layers below. */
  readonly parent: string | undefined;
  /** Opens the uncompressed tar; called at most once. */
  readonly open: () => Readable;
  readonly owner: string;
  readonly signal: AbortSignal;
}

export class ImageLayers {
  private readonly chains: Collection<ChainRow>;
  private readonly snapshots: Snapshotter;
  private readonly leases: Leases;
  private readonly applying = new Map<Digest, Promise<string>>();

  constructor({ metadata, snapshots, leases }: ImageLayersOptions) {
    this.chains = metadata.collection('layer-chain', (value) => value as ChainRow); // written below only
    this.snapshots = snapshots;
    this.leases = leases;
  }

  /** The exact bytes of the config of an image over these snapshots (lowest first), whose digest is its ID. */
  async configBytes(config: ImageConfig, snapshots: readonly string[]): Promise<Uint8Array> {
    const infos = await this.identify(snapshots);
    const rootfs = { type: 'layers', diff_ids: infos.map(({ diffId }) => diffId) } as const;
    return Buffer.from(JSON.stringify({ ...config, rootfs }));
  }

  /** The snapshot that holds a stack of layers (its topmost), now held by `owner`; undefined when there is none. */
  async find(diffIds: readonly Digest[], owner: string): Promise<string | undefined> {
    const chainId = chainIds(diffIds).at(-1);
    const diffId = diffIds.at(-1);
    if (chainId === undefined || diffId === undefined) return undefined;
    // A killed engine may have extracted the layer without noting it: it is named by its chainID.
    const name = this.chains.get(chainId)?.snapshot ?? chainId;
    // Held before it is looked at, so that nobody removes it in between.
    this.leases.hold(owner, snapshotResource(name));
    const isThere = (await this.snapshots.stat(name))?.state === 'committed';
    if (isThere && !this.snapshots.isLost(name) && (await this.snapshots.layerInfo(name)).diffId === diffId) {
      this.chains.put(chainId, { snapshot: name });
      return name;
    }
    this.leases.release(owner, snapshotResource(name));
    if (isThere) await this.removeIfUnused(name);
    return undefined;
  }

  /**
   * Finds the layer, or extracts it over its parent. Two callers that want the same layer share the work.
   * @throws NaruError "invalid-argument" E_DIFF_ID when the tar is not what the config promises, what `applyLayer` refuses
   */
  async ensure(layer: NewLayer): Promise<string> {
    const diffIds = [...layer.below, layer.diffId];
    const known = await this.find(diffIds, layer.owner);
    if (known !== undefined) return known;
    const chainId = chainIds(diffIds).at(-1) ?? layer.diffId;
    const running = this.applying.get(chainId) ?? this.apply(chainId, layer);
    this.applying.set(chainId, running);
    try {
      await running;
    } finally {
      this.applying.delete(chainId);
    }
    const made = await this.find(diffIds, layer.owner);
    if (made === undefined) throw new NaruError('internal', 'E_LAYER_LOST', `layer ${layer.diffId} vanished`);
    return made;
  }

  /** Digests of the layers of a stack of snapshots, lowest first; the stack can be found by them from now on. */
  async identify(snapshots: readonly string[]): Promise<readonly LayerInfo[]> {
    const infos = await Promise.all(snapshots.map((name) => this.snapshots.layerInfo(name)));
    const chain = chainIds(infos.map(({ diffId }) => diffId));
    for (const [index, chainId] of chain.entries()) {
      const snapshot = snapshots[index];
      const known = this.chains.get(chainId);
      const isGone = known !== undefined && (await this.snapshots.stat(known.snapshot)) === undefined;
      if (snapshot !== undefined && (known === undefined || isGone)) this.chains.put(chainId, { snapshot });
    }
    return infos;
  }

  /** Removes from a stack, topmost first, what nobody holds and nothing is built on. @returns the chainIDs that went, topmost first */
  async removeUnused(snapshots: readonly string[]): Promise<readonly Digest[]> {
    const infos = await Promise.all(snapshots.map((name) => this.infoIfPresent(name)));
    const chain = chainIds(infos.flatMap((info) => (info === undefined ? [] : [info.diffId])));
    const removed: Digest[] = [];
    for (const [index, name] of [...snapshots.entries()].reverse()) {
      if (!(await this.removeIfUnused(name))) break;
      const chainId = chain[index];
      if (chainId === undefined) continue;
      if (this.chains.get(chainId)?.snapshot === name) this.chains.delete(chainId);
      removed.push(chainId);
    }
    return removed;
  }

  /** Removes what killed loads and imports left, and layers that only a container kept when their image went. */
  async recover(): Promise<void> {
    const ours = (await this.snapshots.list()).filter(
      ({ name, state }) =>
        state === 'committed' && (name.startsWith('sha256:') || name.startsWith(IMPORT_PREFIX)),
    );
    let names = ours.map(({ name }) => name);
    for (let nBefore = names.length + 1; nBefore > names.length; ) {
      nBefore = names.length;
      const kept: string[] = [];
      for (const name of names) if (!(await this.removeIfUnused(name))) kept.push(name);
      names = kept;
    }
  }

  private async infoIfPresent(name: string): Promise<LayerInfo | undefined> {
    const isThere = (await this.snapshots.stat(name)) !== undefined && !this.snapshots.isLost(name);
    return isThere ? await this.snapshots.layerInfo(name) : undefined;
  }

  private async removeIfUnused(name: string): Promise<boolean> {
    // No await between the question and the removal of the row: nobody can take hold of it in between.
    if (this.leases.isHeld(snapshotResource(name))) return false;
    try {
      await this.snapshots.remove(name);
      return true;
    } catch (error) {
      if (isErrorKind(error, 'not-found')) return true;
      if (isErrorKind(error, 'conflict')) return false;
      throw error;
    }
  }

  private async apply(chainId: Digest, { parent, diffId, open, owner, signal }: NewLayer): Promise<string> {
    this.leases.hold(owner, snapshotResource(chainId));
    const found = await this.snapshots.applyLayer(chainId, parent, open(), signal);
    if (found.diffId !== diffId) {
      await this.snapshots.remove(chainId);
      const text = `invalid diffID for layer: expected "${diffId}", got "${found.diffId}"`;
      throw new NaruError('invalid-argument', 'E_DIFF_ID', text);
    }
    this.chains.put(chainId, { snapshot: chainId });
    return chainId;
  }
}
