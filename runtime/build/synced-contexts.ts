/**
 * Build contexts that clients sent: a manifest by the digest of its bytes, and file contents by digest, shared between contexts.
 * Only bytes that were hashed here are kept. What nobody uses any more is removed by the cache keeper; contents go with the last manifest that names them.
 */

import { randomUUID } from 'node:crypto';
import { existsSync, rmSync, statSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

import type { FileEntry, FileTree } from '../../core/context/file-tree.ts';
import { findEntry, type Listing, sortListing, walkListing } from '../../core/context/listing.ts';
import { NaruError } from '../../core/errors.ts';
import { type Digest, digestHex, digestOf, parseDigest } from '../../core/oci/digest.ts';
import {
  checkManifestHeader,
  type ContextAnswer,
  decodeManifestLine,
} from '../../core/protocol/context-sync.ts';
import { decompressed } from '../../local/tar/decompress.ts';
import { readTar } from '../../local/tar/reader.ts';
import { ContextContents } from './context-contents.ts';
import type { HostedTree } from './hosted-tree.ts';

const MAX_MANIFEST_BYTES = 1024 * 1024 * 1024;
/** Of all manifests in memory together, but for the latest: some 40 MB. */
const MAX_ENTRIES_IN_MEMORY = 100_000;

interface Manifest {
  readonly listing: Listing;
  readonly digests: ReadonlyMap<string, Digest>;
  /** Every content is here: contents stay as long as a manifest names them, so it need not be looked at again. */
  isComplete: boolean;
}

export interface ContextUsage {
  readonly id: string;
  /** Of the manifest, and of the contents that no context used later has as well. */
  readonly bytes: number;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
}

export class SyncedContexts {
  readonly #directory: string;
  readonly #contents: ContextContents;
  readonly #maxEntries: number;
  readonly #manifests = new Map<string, Manifest>();
  /** Digests of the contents of every context on disk. Equal ones are one string: 20,000 files of ten contexts take some 4 MB. */
  readonly #digests = new Map<string, ReadonlySet<Digest>>();
  readonly #interned = new Map<Digest, Digest>();

  /** `directory` is on the engine's disk; made when missing. */
  constructor(directory: string, maxEntriesInMemory = MAX_ENTRIES_IN_MEMORY) {
    this.#directory = directory;
    this.#maxEntries = maxEntriesInMemory;
    this.#contents = new ContextContents(join(directory, 'content'));
  }

  /** To be awaited before anything else: contents without a manifest, and manifests that are none, go. */
  async recover(): Promise<void> {
    await fs.mkdir(join(this.#directory, 'manifests'), { recursive: true });
    const used = new Set<Digest>();
    for (const name of await fs.readdir(join(this.#directory, 'manifests'))) {
      const manifest = await this.#manifest(name);
      if (manifest === undefined) await fs.rm(join(this.#directory, 'manifests', name));
      for (const digest of this.#digests.get(name) ?? []) used.add(digest);
    }
    await this.#contents.recover((digest) => used.has(digest));
  }

  /** Every context, the one used last first. */
  usage(): readonly ContextUsage[] {
    const counted = new Set<Digest>();
    const found: ContextUsage[] = [];
    const all = [...this.#digests].map(([id, digests]) => {
      return { id, digests, stats: statSync(this.#manifestPath(id)) };
    });
    for (const { id, digests, stats } of all.toSorted(
      (one, other) => other.stats.mtimeMs - one.stats.mtimeMs,
    )) {
      let bytes = stats.size;
      for (const digest of digests) {
        if (counted.has(digest) || !this.#contents.has(digest)) continue;
        counted.add(digest);
        bytes += this.#contents.sizeBytes(digest);
      }
      const { birthtime: createdAt, mtime: lastUsedAt } = stats;
      found.push({ id, bytes, createdAt, lastUsedAt });
    }
    return found;
  }

  /**
   * Removes a context, and contents that no other one names.
   * @returns bytes that came free; undefined when it is not there or `mayGo`, asked at the last moment, says no
   */
  async remove(id: string, mayGo: () => boolean): Promise<number | undefined> {
    const digests = this.#digests.get(id);
    // Until nothing of it is known any more without an await: nobody can ask for it in between.
    if (digests === undefined || !mayGo()) return undefined;
    this.#digests.delete(id);
    this.#manifests.delete(id);
    const unused = [...digests].filter((digest) => this.#contents.has(digest) && !this.#isNamed(digest));
    const path = this.#manifestPath(id);
    const bytes = unused.reduce((sum, digest) => sum + this.#contents.sizeBytes(digest), statSync(path).size);
    rmSync(path);
    for (const digest of unused) this.#interned.delete(digest);
    await this.#contents.remove(unused);
    return bytes;
  }

  /** Takes a manifest in, compressed or not; `hold` is told its id before anything is looked at. @throws NaruError "invalid-argument" when it is not one */
  async receiveManifest(body: AsyncIterable<Uint8Array>, hold: (id: string) => void): Promise<ContextAnswer> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of decompressed(body)) {
      size += chunk.length;
      if (size > MAX_MANIFEST_BYTES)
        throw new NaruError('invalid-argument', 'E_CONTEXT_SIZE', 'the manifest is too large');
      chunks.push(chunk);
    }
    const bytes = Buffer.concat(chunks);
    const id = digestHex(digestOf(bytes));
    // Equal bytes are an equal manifest: a rebuild reads it no second time.
    const known = this.#manifests.get(id);
    hold(id);
    if (known !== undefined) return { id, lacking: this.#lacking(known) };
    const manifest = await readManifest(bytes);
    // Two builds may send the same one at once.
    const temporary = join(this.#directory, 'manifests', `${id}.${randomUUID()}`);
    await fs.writeFile(temporary, bytes);
    await fs.rename(temporary, join(this.#directory, 'manifests', id));
    this.#remember(id, manifest);
    return { id, lacking: this.#lacking(manifest) };
  }

  /** As `receiveManifest` for one that was received before, and that the caller holds. @throws NaruError "not-found" when it is not here any more */
  async answer(id: string): Promise<ContextAnswer> {
    return { id, lacking: this.#lacking(await this.#require(id)) };
  }

  /** Takes contents in: members of a tar named by the hex of their digest. What does not fit its name is dropped. */
  async receiveFiles(
    id: string,
    body: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<ContextAnswer> {
    const manifest = await this.#require(id);
    const wanted = new Set([...manifest.digests.values()].map(digestHex));
    for await (const { entry, content } of readTar(decompressed(body), signal)) {
      if (!wanted.has(entry.path)) continue;
      const digest = parseDigest(`sha256:${entry.path}`);
      // A file that changed while the client sent it is still lacking then; the client sends again.
      if (!this.#contents.has(digest)) await this.#contents.put(digest, content);
      if (!this.#digests.has(id)) await this.#dropUnnamed(digest);
    }
    return { id, lacking: this.#lacking(manifest) };
  }

  /** For a build, whose owner holds it already. @throws NaruError "not-found" for an unknown id, "conflict" while contents are lacking */
  async tree(id: string): Promise<FileTree> {
    const manifest = await this.#require(id);
    const lacking = this.#lacking(manifest);
    if (lacking.length > 0) {
      const message = `context ${id.slice(0, 12)} is not complete: ${lacking.length} files are lacking`;
      throw new NaruError('conflict', 'E_CONTEXT_INCOMPLETE', message);
    }
    const used = new Date();
    await fs.utimes(join(this.#directory, 'manifests', id), used, used);
    return manifestTree(manifest, this.#contents);
  }

  #isNamed(digest: Digest): boolean {
    return [...this.#digests.values()].some((theirs) => theirs.has(digest));
  }

  /** The context was pruned while its client was sending, because the client had left. */
  async #dropUnnamed(digest: Digest): Promise<void> {
    if (!this.#isNamed(digest)) await this.#contents.remove([digest]);
  }

  #manifestPath(id: string): string {
    return join(this.#directory, 'manifests', id);
  }

  #intern(digest: Digest): Digest {
    const known = this.#interned.get(digest);
    if (known === undefined) this.#interned.set(digest, digest);
    return known ?? digest;
  }

  #lacking(manifest: Manifest): readonly Digest[] {
    if (manifest.isComplete) return [];
    const lacking = [...new Set(manifest.digests.values())].filter((digest) => !this.#contents.has(digest));
    manifest.isComplete = lacking.length === 0;
    return lacking;
  }

  async #require(id: string): Promise<Manifest> {
    const manifest = await this.#manifest(id);
    if (manifest !== undefined) return manifest;
    throw new NaruError('not-found', 'E_CONTEXT', `no such build context: ${id}`, {
      hint: 'send its manifest again',
    });
  }

  async #manifest(id: string): Promise<Manifest | undefined> {
    const known = this.#manifests.get(id);
    if (known !== undefined || !/^[0-9a-f]{64}$/.test(id)) return known;
    let bytes: Buffer;
    try {
      bytes = await fs.readFile(join(this.#directory, 'manifests', id));
    } catch {
      return undefined;
    }
    // After a crash of the machine it may be torn.
    if (digestHex(digestOf(bytes)) !== id) return undefined;
    const manifest = await readManifest(bytes);
    // Removed while it was read: contents that only it names may go.
    if (!existsSync(this.#manifestPath(id))) return undefined;
    this.#remember(id, manifest);
    return manifest;
  }

  /** The others are read again when they are asked for. */
  #remember(id: string, manifest: Manifest): void {
    if (!this.#digests.has(id))
      this.#digests.set(id, new Set([...manifest.digests.values()].map((digest) => this.#intern(digest))));
    this.#manifests.delete(id);
    this.#manifests.set(id, manifest);
    let nEntries = 0;
    for (const [name, { listing }] of [...this.#manifests].toReversed()) {
      nEntries += listing.length;
      if (name !== id && nEntries > this.#maxEntries) this.#manifests.delete(name);
    }
  }
}

/** Gives way to the event loop now and then. */
async function readManifest(bytes: Buffer): Promise<Manifest> {
  const entries: FileEntry[] = [];
  const digests = new Map<string, Digest>();
  const lines = linesOf(bytes);
  checkManifestHeader(lines.next().value ?? '');
  for (const line of lines) {
    const { entry, digest } = decodeManifestLine(line);
    entries.push(entry);
    if (digest !== undefined) digests.set(entry.path, digest);
    if (entries.length % LINES_PER_TURN === 0) await nextTurn();
  }
  if (!entries.some(({ path }) => path === '')) entries.push(ROOT_ENTRY);
  return { listing: sortListing(entries), digests, isComplete: false };
}

/** Some 5 ms. */
const LINES_PER_TURN = 1000;

/** Empty ones are left out. */
function* linesOf(bytes: Buffer): Generator<string, void, void> {
  for (let start = 0; start < bytes.length; ) {
    const feed = bytes.indexOf(10, start);
    const end = feed < 0 ? bytes.length : feed;
    if (end > start) yield bytes.toString('utf8', start, end);
    start = end + 1;
  }
}

const ROOT_ENTRY = { path: '', kind: 'dir', mode: 0o755, uid: 0, gid: 0, sizeBytes: 0, mtimeNs: 0n } as const;

function manifestTree({ listing, digests }: Manifest, contents: ContextContents): HostedTree {
  function contentPath(path: string): string {
    const digest = digests.get(path);
    if (digest === undefined)
      throw new NaruError('not-found', 'E_FILE_VANISHED', `${JSON.stringify(`/${path}`)}: not found`);
    return contents.path(digest);
  }
  return {
    stat: async (path) => findEntry(listing, path),
    walk: async (path, options) => walkListing(listing, path, options),
    digests: async (paths) => paths.map((path) => digests.get(path)),
    read: async (path, maxBytes) => {
      const digest = digests.get(path);
      return digest === undefined ? undefined : contents.read(digest, maxBytes);
    },
    hostPath: contentPath,
    donor: (path) => {
      const digest = digests.get(path);
      if (digest === undefined) return undefined;
      return {
        kind: 'content',
        path: contents.path(digest),
        digest,
        renew: (from) => contents.renew(digest, from),
      };
    },
  };
}
