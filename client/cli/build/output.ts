/**
 * Where a built image goes besides the engine: `--output type=docker|oci|tar|local,dest=…` and `--metadata-file`, as in docker buildx.
 * docker and oci are the archive of `docker save`, which is an OCI layout as well; tar is the image's files; local unpacks them into a directory.
 */

import { createWriteStream } from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { treePath } from '../../../core/context/paths.ts';
import { NaruError } from '../../../core/errors.ts';
import { readTar } from '../../../local/tar/reader.ts';
import type { EngineConnection } from '../../driver/engine/connection.ts';
import { removeContainer } from '../../driver/engine/containers.ts';
import { saveImages } from '../../driver/engine/images.ts';
import type { CliIo } from '../io.ts';
import { parseAssignments } from '../parse/quantity.ts';

const TYPES = ['docker', 'oci', 'tar', 'local', 'image'] as const;

export interface BuildOutput {
  readonly type: (typeof TYPES)[number];
  /** Absolute, or '-' for stdout; '' for `type=image`. */
  readonly destination: string;
  /** `rewrite-timestamp` as it was given. */
  readonly rewritesTimes?: boolean;
}

/** A path alone is `type=local`, `-` alone is `type=tar`. @throws NaruError "invalid-argument" */
export function readOutput(text: string, cwd: string): BuildOutput {
  if (text === '-') return { type: 'tar', destination: '-' };
  if (!text.includes('=')) return { type: 'local', destination: resolve(cwd, text) };
  const fields = parseAssignments(text.split(','), {});
  const type = TYPES.find((known) => known === fields.get('type'));
  if (type === undefined) {
    const message = `--output: unknown type ${JSON.stringify(fields.get('type') ?? '')}`;
    throw new NaruError('invalid-argument', 'E_OUTPUT', message, { hint: `one of ${TYPES.join(', ')}` });
  }
  const to = fields.get('dest') ?? (type === 'local' ? undefined : '-');
  if (to === undefined) {
    throw new NaruError('invalid-argument', 'E_OUTPUT', '--output: type=local needs dest=DIRECTORY');
  }
  const rewrite = fields.get('rewrite-timestamp');
  return {
    type,
    destination: to === '-' ? to : resolve(cwd, to),
    ...(rewrite === undefined ? {} : { rewritesTimes: rewrite !== 'false' }),
  };
}

/** Writes the image out. @throws what the file system throws */
export async function writeOutput(
  engine: EngineConnection,
  image: string,
  { type, destination }: BuildOutput,
  io: CliIo,
): Promise<void> {
  if (type === 'image') return;
  if (type === 'docker' || type === 'oci') {
    await writeStream(await saveImages(engine, [image], io.signal), destination, io);
    return;
  }
  const call = { method: 'POST', path: '/containers/create', body: { Image: image, Cmd: ['-'] } } as const;
  const id = await engine.json({ ...call, signal: io.signal }, createdId);
  try {
    const { body } = await engine.stream({
      method: 'GET',
      path: `/containers/${id}/export`,
      signal: io.signal,
    });
    if (type === 'tar') await writeStream(body, destination, io);
    else await unpackInto(destination, body);
  } finally {
    await removeContainer(engine, id, { isForced: true });
  }
}

/** What buildx writes for one image. */
export async function writeMetadata(path: string, image: string, tags: readonly string[]): Promise<void> {
  const names = tags.length === 0 ? {} : { 'image.name': tags.join(',') };
  const metadata = { 'containerimage.config.digest': image, 'containerimage.digest': image, ...names };
  await fs.writeFile(path, `${JSON.stringify(metadata, undefined, 2)}\n`);
}

function createdId(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'Id' in value) return String(value.Id);
  throw new NaruError('internal', 'E_PROTOCOL', 'the engine answered without a container id');
}

async function writeStream(bytes: AsyncIterable<Uint8Array>, destination: string, io: CliIo): Promise<void> {
  if (destination !== '-') {
    await pipeline(bytes, createWriteStream(destination));
    return;
  }
  for await (const chunk of bytes) io.stdout.write(chunk);
}

/** Owners and devices stay behind, as they must for anybody but root. */
async function unpackInto(directory: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  await fs.mkdir(directory, { recursive: true });
  const links: (readonly [string, string])[] = [];
  for await (const { entry, content } of readTar(bytes)) {
    const path = treePath(entry.path);
    const target = join(directory, path);
    if (path === '') continue;
    if (entry.kind === 'dir') await fs.mkdir(target, { recursive: true });
    else await fs.mkdir(dirname(target), { recursive: true });
    if (entry.kind === 'file')
      await pipeline(content, createWriteStream(target, { mode: entry.mode & 0o777 }));
    if (entry.kind === 'hardlink') await fs.link(join(directory, treePath(entry.linkTarget ?? '')), target);
    // Last, so that nothing is written through one.
    if (entry.kind === 'symlink') links.push([target, entry.linkTarget ?? '']);
  }
  for (const [target, to] of links) {
    await fs.rm(target, { force: true });
    await fs.symlink(to, target);
  }
}
