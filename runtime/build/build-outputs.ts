/** What builds made, sent to their clients (core/protocol/build-output.ts). Nothing is mounted or made for it, so that a client that leaves leaves nothing. */

import { randomUUID } from 'node:crypto';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { NaruError } from '../../core/errors.ts';
import { decodeImageConfig } from '../../core/oci/decode-image-config.ts';
import { digestOf } from '../../core/oci/digest.ts';
import { type Reference, withDefaultTag } from '../../core/oci/reference.ts';
import { writeTar } from '../../local/tar/writer.ts';
import { saveArchive } from '../engine/images/archive-save.ts';
import { snapshotResource, TEMPORARY_OWNER } from '../store/leases.ts';
import type { BuildParts } from './build-parts.ts';
import type { ComposedImage } from './compose.ts';
import { resultMembers } from './result-members.ts';

/** How long a client may take to come for it. */
const HELD_MS = 60_000;

/** Writes into a stream that the caller ends. */
export type SendOutput = (out: Writable, signal: AbortSignal) => Promise<void>;

/** What a build made, as its client comes for it. */
export interface SentBuild {
  readonly id: string;
  readonly image: ComposedImage;
  /** The engine has the image: it need not be held. */
  readonly isKept: boolean;
}

type OutputParts = Pick<BuildParts, 'snapshots' | 'layers' | 'leases'>;

export class BuildOutputs {
  readonly #parts: OutputParts;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(parts: OutputParts) {
    this.#parts = parts;
  }

  /** Keeps what a build made for a while, though no image does. */
  hold({ id, image, isKept }: SentBuild): void {
    if (isKept) return;
    const owner = `${TEMPORARY_OWNER}made-${id}`;
    this.#holdAs(owner, image);
    clearTimeout(this.#timers.get(id));
    const release = (): void => {
      this.#timers.delete(id);
      this.#parts.leases.release(owner);
    };
    this.#timers.set(id, setTimeout(release, HELD_MS).unref());
  }

  /** Its files. @throws not-found when they were removed */
  async files(build: SentBuild): Promise<SendOutput> {
    const top = build.image.snapshots.at(-1);
    return this.#sending(build, async (out, signal) => {
      const members = top === undefined ? [] : resultMembers(await this.#parts.snapshots.tree(top), signal);
      await pipeline(Readable.from(writeTar(members), { objectMode: false }), out, { end: false, signal });
    });
  }

  /** The image as an archive under these names. @throws not-found when it was removed */
  async archive(build: SentBuild, names: readonly Reference[]): Promise<SendOutput> {
    const { snapshots, layers } = this.#parts;
    return this.#sending(build, async (out, signal) => {
      const bytes = await layers.configBytes(build.image.config, build.image.snapshots);
      const config = decodeImageConfig(JSON.parse(Buffer.from(bytes).toString('utf8')));
      const whole = { id: digestOf(bytes), config, snapshots: build.image.snapshots };
      const images = [{ image: whole, references: names.map(withDefaultTag) }];
      await saveArchive({ images, store: { configBytes: async () => bytes }, snapshots, out, signal });
    });
  }

  /** Held from now on until it is sent. */
  async #sending(build: SentBuild, send: SendOutput): Promise<SendOutput> {
    const owner = `${TEMPORARY_OWNER}output-${randomUUID()}`;
    this.#holdAs(owner, build.image);
    for (const name of build.image.snapshots) {
      if ((await this.#parts.snapshots.stat(name)) !== undefined) continue;
      this.#parts.leases.release(owner);
      const message = `what build ${build.id} made was removed meanwhile`;
      throw new NaruError('not-found', 'E_BUILD_RESULT', message, { hint: 'build again' });
    }
    return async (out, signal) => {
      try {
        await send(out, signal);
      } finally {
        this.hold(build); // for the next output
        this.#parts.leases.release(owner);
      }
    };
  }

  #holdAs(owner: string, { snapshots }: ComposedImage): void {
    for (const name of snapshots) this.#parts.leases.hold(owner, snapshotResource(name));
  }
}
