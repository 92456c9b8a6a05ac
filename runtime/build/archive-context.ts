/** A build context that came as one tar archive (`POST /build`): unpacked into a directory that lives as long as the build. */

import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';

import { contextTree } from '../../core/context/context-tree.ts';
import { findIgnoreFile, readIgnoreFile } from '../../core/context/ignore.ts';
import { NaruError } from '../../core/errors.ts';
import { diskTree } from '../../local/disk-tree.ts';
import { HashPool } from '../../local/hash-pool.ts';
import { StatCache } from '../../local/stat-cache.ts';
import { decompressed } from '../../local/tar/decompress.ts';
import type { HostedTree } from './hosted-tree.ts';
import { unpackArchive } from './unpack-archive.ts';

export interface ArchiveContext {
  /** `.dockerignore` applied. */
  readonly tree: HostedTree;
  readonly dockerfile: string;
  remove(): Promise<void>;
}

const MAX_DOCKERFILE_BYTES = 4 * 1024 * 1024;

/** @throws NaruError in Docker's words when the Dockerfile is not in the archive */
export async function openArchiveContext(
  body: AsyncIterable<Uint8Array>,
  options: { readonly directory: string; readonly dockerfile: string; readonly signal: AbortSignal },
): Promise<ArchiveContext> {
  const directory = join(options.directory, randomUUID());
  await fs.mkdir(directory, { recursive: true, mode: 0o700 });
  async function remove(): Promise<void> {
    await fs.rm(directory, { recursive: true, force: true });
  }
  try {
    await unpackArchive({
      root: directory,
      destination: '/',
      source: decompressed(body),
      signal: options.signal,
    });
    const statCache = await StatCache.open({ strength: 'strong' });
    const files = diskTree(directory, { statCache, hashPool: new HashPool({ nWorkers: 0 }), owners: 'root' });
    const path = options.dockerfile.replace(/^(?:\.?\/)+/, '');
    const bytes = await files.read(path, MAX_DOCKERFILE_BYTES);
    if (bytes === undefined) {
      throw new NaruError(
        'invalid-argument',
        'E_NO_DOCKERFILE',
        `Cannot locate specified Dockerfile: ${options.dockerfile}`,
      );
    }
    const ignored = await findIgnoreFile(files, path, files);
    const visible = contextTree(files, readIgnoreFile(ignored?.text ?? '').value.matcher);
    const tree: HostedTree = { ...visible, hostPath: (file) => join(directory, file) };
    return { tree, dockerfile: Buffer.from(bytes).toString(), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
