/** Caches from elsewhere as a build is told of them: those that clients posted, by the digest of their bytes, and those that images hold. */

import { KEY_VERSION } from '../../core/build/encoding.ts';
import { type CarriedCache, INLINE_CACHE_FIELD, inlineRecords } from '../../core/build/carried-cache.ts';
import { NaruError } from '../../core/errors.ts';
import { type Digest, digestOf } from '../../core/oci/digest.ts';
import { parseJson } from '../../core/oci/manifest.ts';
import { decodeCarriedCache, decodeInlineCache } from '../../core/protocol/cache-carry.ts';
import type { CacheSource } from '../../core/protocol/cache-source.ts';
import type { BuildParts } from './build-parts.ts';
import type { ImportedCache } from './cache-imports.ts';

const MAX_BYTES = 512 * 1024 * 1024;
/** A client posts it again for its next build. */
const MAX_KEPT = 4;

/** Records alone: layers are asked for when they are needed. */
export class CarriedCaches {
  readonly #kept = new Map<Digest, CarriedCache>();

  /** @returns its id; @throws NaruError "invalid-argument" when it is none */
  async receive(body: AsyncIterable<Uint8Array>): Promise<Digest> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of body) {
      size += chunk.length;
      if (size > MAX_BYTES) throw new NaruError('invalid-argument', 'E_CACHE_SIZE', 'the cache is too large');
      chunks.push(chunk);
    }
    const bytes = Buffer.concat(chunks);
    const id = digestOf(bytes);
    const cache = decodeCarriedCache(parseJson(bytes.toString('utf8'), 'the cache'), '');
    this.#kept.delete(id);
    this.#kept.set(id, cache);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return id;
  }

  /**
   * What a build or a preview searches. A cache that is of no use is told by `warn` and left out, as BuildKit does.
   * @throws NaruError "not-found" for one that was not posted
   */
  async open(
    sources: readonly CacheSource[],
    parts: Pick<BuildParts, 'images' | 'configBytes'>,
    fetch: (cache: string) => ImportedCache['fetch'],
    warn: (message: string) => void,
  ): Promise<readonly ImportedCache[]> {
    const caches: ImportedCache[] = [];
    for (const source of sources) {
      const found =
        source.kind === 'image' ? await fromImage(source.reference, parts) : this.#posted(source, fetch);
      if (typeof found === 'string') warn(found);
      else caches.push(found);
    }
    return caches;
  }

  #posted(
    { id, name, layers }: Extract<CacheSource, { kind: 'carried' }>,
    fetch: (cache: string) => ImportedCache['fetch'],
  ): ImportedCache | string {
    const cache = [...this.#kept].find(([known]) => known === id)?.[1];
    if (cache === undefined) {
      throw new NaruError('not-found', 'E_CACHE', `no such cache: ${id}`, { hint: 'send it again' });
    }
    if (cache.keyVersion !== KEY_VERSION)
      return `the cache in ${name} was made by another version and is not used`;
    return { name, records: cache.records, layers: new Set(layers), fetch: fetch(name) };
  }
}

/** Its layers are here, or the record is not usable. */
async function fromImage(
  reference: string,
  { images, configBytes }: Pick<BuildParts, 'images' | 'configBytes'>,
): Promise<ImportedCache | string> {
  const image = await images.find(reference);
  if (image === undefined) {
    return `no cache is taken from ${reference}: it is not on this engine, and registries are not supported yet`;
  }
  const config: unknown = JSON.parse(Buffer.from(await configBytes(image.id)).toString('utf8'));
  const field = typeof config === 'object' && config !== null ? Object.entries(config) : [];
  const value: unknown = field.find(([name]) => name === INLINE_CACHE_FIELD)?.[1];
  if (value === undefined) return `image ${reference} holds no build cache`;
  try {
    const cache = decodeInlineCache(value, INLINE_CACHE_FIELD);
    if (cache.keyVersion !== KEY_VERSION)
      return `the cache in ${reference} was made by another version and is not used`;
    const records = inlineRecords(cache, image.config.rootfs.diff_ids);
    return {
      name: reference,
      records,
      layers: new Set(),
      fetch: () => Promise.reject(new Error('never asked')),
    };
  } catch (error) {
    return `the cache in ${reference} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
