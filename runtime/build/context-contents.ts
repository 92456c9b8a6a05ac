/**
 * File contents of build contexts by digest: `<root>/files/<hex>`; what is still being written lies in `<root>/incoming`.
 * A file appears complete and checked, or not at all, whenever the engine is killed.
 * Nothing is synced to disk: clients have it all and send again, so what an earlier boot of the machine left is not trusted but forgotten.
 */

import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { promisify } from 'node:util';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { NaruError } from '../../core/errors.ts';
import { type Digest, digestHex, parseDigest } from '../../core/oci/digest.ts';
import { bootId } from '../../local/boot-id.ts';
import { makePrivateDirectory } from '../host/private-directory.ts';

/** Beyond this many bytes of one file the event loop is not held up by writing. */
const INLINE_BYTES = 1024 * 1024;
/** Some 5 ms. */
const FILES_PER_TURN = 256;
const write = promisify(fs.write);

/** One process at a time may have one open. Nothing is removed by itself, so that what is known to be here stays here. */
export class ContextContents {
  readonly #root: string;
  readonly #known = new Set<Digest>();
  /** Of those that were asked for. */
  readonly #sizes = new Map<Digest, number>();
  #nIncoming = 0;

  constructor(root: string) {
    this.#root = root;
  }

  /** To be awaited before anything else: keeps of what an earlier process of this boot stored only what `isUsed` wants. */
  async recover(isUsed: (digest: Digest) => boolean): Promise<void> {
    const files = join(this.#root, 'files');
    makePrivateDirectory(this.#root);
    await fs.promises.rm(join(this.#root, 'incoming'), { recursive: true, force: true });
    if (this.#isOfEarlierBoot()) await fs.promises.rm(files, { recursive: true, force: true });
    await fs.promises.mkdir(join(this.#root, 'incoming'), { recursive: true });
    await fs.promises.mkdir(files, { recursive: true });
    fs.writeFileSync(join(this.#root, 'boot'), bootId());
    for (const name of await fs.promises.readdir(files)) {
      const digest = parseDigest(`sha256:${name}`);
      if (isUsed(digest)) this.#known.add(digest);
      else await fs.promises.rm(join(files, name));
    }
  }

  has(digest: Digest): boolean {
    return this.#known.has(digest);
  }

  /** Stores the bytes if they are those of the digest. @returns whether they are */
  async put(digest: Digest, content: AsyncIterable<Uint8Array>): Promise<boolean> {
    const temporary = join(this.#root, 'incoming', String((this.#nIncoming += 1)));
    const hash = createHash('sha256');
    const fd = fs.openSync(temporary, 'wx', 0o600);
    try {
      let nWritten = 0;
      for await (const chunk of content) {
        hash.update(chunk);
        await writeChunk(fd, chunk, nWritten > INLINE_BYTES);
        nWritten += chunk.length;
      }
    } catch (error) {
      fs.rmSync(temporary, { force: true });
      throw error;
    } finally {
      fs.closeSync(fd);
    }
    const isRight = hash.digest('hex') === digestHex(digest);
    if (isRight) fs.renameSync(temporary, this.path(digest));
    else fs.rmSync(temporary);
    if (isRight) this.#known.add(digest);
    return isRight;
  }

  /** @throws NaruError "not-found" when it is not here, "invalid-argument" when it is larger than `maxBytes` */
  async read(digest: Digest, maxBytes: number): Promise<Uint8Array> {
    if (!this.has(digest)) throw new NaruError('not-found', 'E_BLOB_ABSENT', `no such content: ${digest}`);
    const { size } = await fs.promises.stat(this.path(digest));
    if (size > maxBytes) {
      const text = `content ${digest} has ${size} bytes, not ${maxBytes}`;
      throw new NaruError('invalid-argument', 'E_BLOB_SIZE', text);
    }
    return await fs.promises.readFile(this.path(digest));
  }

  /** Puts another file with the same content in its place, by a link; layers hold on to the one before. Where that cannot be, or the content is gone, nothing changes. */
  renew(digest: Digest, from: string | Buffer): void {
    if (!this.has(digest)) return;
    const temporary = join(this.#root, 'incoming', String((this.#nIncoming += 1)));
    try {
      fs.linkSync(from, temporary);
      fs.renameSync(temporary, this.path(digest));
    } catch {
      fs.rmSync(temporary, { force: true });
    }
  }

  /** Of one that is here, in bytes. */
  sizeBytes(digest: Digest): number {
    const known = this.#sizes.get(digest);
    if (known !== undefined) return known;
    const { size } = fs.statSync(this.path(digest));
    this.#sizes.set(digest, size);
    return size;
  }

  /** They are not here any more when this returns; the files go bit by bit. The caller knows that nothing names them. */
  async remove(digests: readonly Digest[]): Promise<void> {
    for (const digest of digests) {
      this.#known.delete(digest);
      this.#sizes.delete(digest);
    }
    for (const [at, digest] of digests.entries()) {
      // One that was stored again meanwhile stays.
      if (!this.#known.has(digest)) fs.rmSync(this.path(digest), { force: true });
      if (at % FILES_PER_TURN === 0) await nextTurn();
    }
  }

  /** Where it lies. Its bytes are never written; mode, owner and time are those of the last layer that holds it as well. */
  path(digest: Digest): string {
    return join(this.#root, 'files', digestHex(digest));
  }

  #isOfEarlierBoot(): boolean {
    try {
      return fs.readFileSync(join(this.#root, 'boot'), 'utf8') !== bootId();
    } catch {
      return true;
    }
  }
}

async function writeChunk(fd: number, chunk: Uint8Array, isLong: boolean): Promise<void> {
  for (let at = 0; at < chunk.length; ) {
    at += isLong
      ? (await write(fd, chunk, at, chunk.length - at)).bytesWritten
      : fs.writeSync(fd, chunk, at, chunk.length - at);
  }
}
