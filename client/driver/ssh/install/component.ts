/**
 * What a host gets: a component is a set of files under one digest, so an engine update sends the engine and not Node again.
 * The digest is over names, modes and contents; the archive that carries them is gzip, the one decompressor every host has.
 */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';

import { type NewTarMember, writeTar } from '../../../../local/tar/writer.ts';
import type { FileDigests } from './file-digests.ts';

export interface ComponentFile {
  /** Name inside the component, slash-separated. */
  readonly name: string;
  /** Local path. */
  readonly path: string;
  readonly isExecutable: boolean;
}

export interface Component {
  readonly name: 'node' | 'native' | 'engine';
  /** 64 hex characters; the folder's name in the host's store. */
  readonly digest: string;
  readonly files: readonly ComponentFile[];
  /** sha256 (hex) of each file, in the order of `files`. */
  readonly fileDigests: readonly string[];
  readonly sizeBytes: number;
}

/** @throws Error ENOENT when one is missing */
export async function makeComponent(
  name: Component['name'],
  files: readonly ComponentFile[],
  digests: FileDigests,
): Promise<Component> {
  const hash = createHash('sha256').update('naru component v1\n');
  const sorted = files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const fileDigests: string[] = [];
  let sizeBytes = 0;
  for (const file of sorted) {
    const digest = await digests.of(file.path);
    fileDigests.push(digest);
    hash.update(`${file.isExecutable ? 'x' : '-'} ${digest} ${file.name}\n`);
    sizeBytes += (await stat(file.path)).size;
  }
  return { name, digest: hash.digest('hex'), files: sorted, fileDigests, sizeBytes };
}

/** The component as a gzip-compressed tar. Level 1: the link to the host is usually faster than a better level. */
export function packComponent(component: Component): Readable {
  return Readable.from(writeTar(members(component)), { objectMode: false }).pipe(createGzip({ level: 1 }));
}

async function* members(component: Component): AsyncGenerator<NewTarMember> {
  for (const file of component.files) {
    const { size } = await stat(file.path);
    yield memberOf(file, size);
  }
}

function memberOf(file: ComponentFile, sizeBytes: number): NewTarMember {
  return {
    entry: {
      path: file.name,
      kind: 'file',
      mode: file.isExecutable ? 0o755 : 0o644,
      uid: 0,
      gid: 0,
      sizeBytes,
      mtimeNs: 0n,
    },
    content: createReadStream(file.path),
  };
}
