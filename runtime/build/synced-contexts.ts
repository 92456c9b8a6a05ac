/**
 * Build contexts that clients sent: a manifest by the digest of its bytes, and file contents by digest, shared between contexts.
 * Only bytes that were hashed here are kept. Contexts nobody used for a day are forgotten when the engine starts.
 */

import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';

import type { FileTree } from '../../core/context/file-tree.ts';
import { findEntry, type Listing, sortListing, walkListing } from '../../core/context/listing.ts';
import { NaruError } from '../../core/errors.ts';
import { type Digest, digestHex, digestOf, parseDigest } from '../../core/oci/digest.ts';
import {
  checkManifestHeader,
  type ContextAnswer,
  decodeManifestLine,
  type ManifestEntry,
} from '../../core/protocol/context-sync.ts';
import { decompressed } from '../../local/tar/decompress.ts';
import { readTar } from '../../local/tar/reader.ts';
import { ContextContents } from './context-contents.ts';
import type { HostedTree } from './hosted-tree.ts';

const MAX_MANIFEST_BYTES = 1024 * 1024 * 1024;
const MAX_IN_MEMORY = 4;
const KEPT_MS = 24 * 3600 * 1000;

interface Manifest {
  readonly listing: Listing;
  readonly digests: ReadonlyMap<string, Digest>;
}

export class SyncedContexts {
  readonly #directory: string;
  readonly #contents: ContextContents;
  readonly #manifests = new Map<string, Manifest>();

  /** `directory` is on the engine's disk; made when missing. */
  constructor(directory: string) {
    this.#directory = directory;
    this.#contents = new ContextContents(join(directory, 'content'));
  }

  /** To be awaited before anything else. `now` in milliseconds. */
  async recover(now: number): Promise<void> {
    await fs.mkdir(join(this.#directory, 'manifests'), { recursive: true });
    const used = new Set<Digest>();
    for (const name of await fs.readdir(join(this.#directory, 'manifests'))) {
      const path = join(this.#directory, 'manifests', name);
      if (now - (await fs.stat(path)).mtimeMs > KEPT_MS) await fs.rm(path);
      else for (const digest of (await this.#manifest(name))?.digests.values() ?? []) used.add(digest);
    }
    await this.#contents.recover((digest) => used.has(digest));
  }

  /** Takes a manifest in, compressed or not. @throws NaruError "invalid-argument" when it is not one */
  async receiveManifest(body: AsyncIterable<Uint8Array>): Promise<ContextAnswer> {
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
    if (known !== undefined) return { id, lacking: this.#lacking(known) };
    const manifest = await readManifest(Readable.from([bytes]));
    const path = join(this.#directory, 'manifests', id);
    await fs.writeFile(`${path}.new`, bytes);
    await fs.rename(`${path}.new`, path);
    this.#remember(id, manifest);
    return { id, lacking: this.#lacking(manifest) };
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
    }
    return { id, lacking: this.#lacking(manifest) };
  }

  /** @throws NaruError "not-found" for an unknown id, "conflict" while contents are lacking */
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

  #lacking(manifest: Manifest): readonly Digest[] {
    return [...new Set(manifest.digests.values())].filter((digest) => !this.#contents.has(digest));
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
    const manifest = await readManifest(Readable.from([bytes]));
    this.#remember(id, manifest);
    return manifest;
  }

  /** The latest few stay in memory, a large one is 10 MB; the others are read again when they are asked for. */
  #remember(id: string, manifest: Manifest): void {
    this.#manifests.delete(id);
    this.#manifests.set(id, manifest);
    const [oldest] = this.#manifests.keys();
    if (this.#manifests.size > MAX_IN_MEMORY && oldest !== undefined) this.#manifests.delete(oldest);
  }
}

async function readManifest(bytes: Readable): Promise<Manifest> {
  const entries: ManifestEntry[] = [];
  let isHeader = true;
  for await (const line of createInterface({ input: bytes, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (isHeader) checkManifestHeader(line);
    else if (line !== '') entries.push(decodeManifestLine(line));
    isHeader = false;
  }
  const digests = new Map<string, Digest>();
  for (const { entry, digest } of entries) if (digest !== undefined) digests.set(entry.path, digest);
  const withRoot = entries.some(({ entry }) => entry.path === '') ? [] : [ROOT_ENTRY];
  return { listing: sortListing([...withRoot, ...entries.map(({ entry }) => entry)]), digests };
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
  };
}
