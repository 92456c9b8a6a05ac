/**
 * Which context was sent for which state of a directory: the manifest's id by the fingerprint of a scan (`TreeScan`).
 * A fingerprint stands for all that a manifest is made of, so an entry is right for ever; only the number is bounded.
 * The file is text: a version line, then `fingerprint id` per line, the latest first; it is replaced as a whole, and lines that are none are dropped.
 */

import { readFileSync } from 'node:fs';

import { digestHex, type Digest } from '../core/oci/digest.ts';
import { MANIFEST_VERSION } from '../core/protocol/context-sync.ts';
import { replaceFile } from './cache-file.ts';

const VERSION_LINE = `naru contexts 1, manifest ${MANIFEST_VERSION}`;
/** For a few Dockerfiles with ignore files of their own, and a few states to come back to. */
const MAX_KNOWN = 32;

export class KnownContexts {
  readonly #file: string | undefined;

  /** `file` absent: nothing is kept. */
  constructor(file: string | undefined) {
    this.#file = file;
  }

  /** Nothing can be found. */
  isEmpty(): boolean {
    return readKnown(this.#file).size === 0;
  }

  /** For `GET /naru/v1/context/{id}`; an engine may know nothing of it. */
  find(fingerprint: Digest): string | undefined {
    return readKnown(this.#file).get(digestHex(fingerprint));
  }

  /** For a fingerprint whose digests are settled (`ScannedDigests`). Never fails: a cache that cannot be written costs time alone. */
  async add(fingerprint: Digest, id: string): Promise<void> {
    if (this.#file === undefined) return;
    const name = digestHex(fingerprint);
    const known = [...readKnown(this.#file)].filter(([other]) => other !== name);
    const lines = [[name, id], ...known].slice(0, MAX_KNOWN).map((line) => line.join(' '));
    await replaceFile(this.#file, [VERSION_LINE, ...lines, ''].join('\n')).catch(() => undefined);
  }
}

/** In the order of the file. */
function readKnown(file: string | undefined): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  if (file === undefined) return known;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return known;
  }
  const lines = text.split('\n');
  if (lines.shift() !== VERSION_LINE) return known;
  for (const line of lines) {
    const [, fingerprint, id] = /^([0-9a-f]{64}) ([0-9a-f]{64})$/.exec(line) ?? [];
    if (fingerprint !== undefined && id !== undefined) known.set(fingerprint, id);
  }
  return known;
}
