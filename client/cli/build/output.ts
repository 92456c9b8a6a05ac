/**
 * Where a built image goes besides the engine: `--output type=docker|oci|tar|local,dest=…` and `--metadata-file`, as in docker buildx.
 * docker and oci are the archive of `docker save`, which is an OCI layout as well; tar is the image's files; local unpacks them into a directory.
 */

import * as fs from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { NaruError } from '../../../core/errors.ts';
import { makeFolder } from '../../../local/make-folder.ts';
import type { EngineConnection } from '../../driver/engine/connection.ts';
import { createContainer, exportContainer, removeContainer } from '../../driver/engine/containers.ts';
import { saveImages } from '../../driver/engine/images.ts';
import { counted, writeArchive } from '../archive-output.ts';
import { unpackTree } from '../copy/unpack.ts';
import type { CliIo } from '../io.ts';
import { parseAssignments } from '../parse/quantity.ts';
import { StatusLine } from '../status-line.ts';
import { writeWholeText } from '../whole-file.ts';

const TYPES = ['docker', 'oci', 'tar', 'local', 'image'] as const;

export interface BuildOutput {
  readonly type: (typeof TYPES)[number];
  /** Absolute, or '-' for stdout; '' for `type=image`. */
  readonly destination: string;
  /** `name`, which tags the image as well. */
  readonly name?: string;
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
  const name = fields.get('name') ?? '';
  const rewrite = fields.get('rewrite-timestamp');
  return {
    type,
    destination: to === '-' ? to : resolve(cwd, to),
    ...(name === '' ? {} : { name }),
    ...(rewrite === undefined ? {} : { rewritesTimes: rewrite !== 'false' }),
  };
}

/** Writes the image out, an archive with its tags. @throws what the file system throws */
export async function writeOutput(
  engine: EngineConnection,
  { image, tags }: { readonly image: string; readonly tags: readonly string[] },
  { type, destination }: BuildOutput,
  io: CliIo,
): Promise<void> {
  if (type === 'image') return;
  if (type === 'docker' || type === 'oci') {
    await writeArchive(
      destination,
      () => saveImages(engine, tags.length === 0 ? [image] : tags, io.signal),
      'saving',
      io,
    );
    return;
  }
  const { id } = await createContainer(engine, { image, command: ['-'] });
  try {
    const open = (): Promise<AsyncIterable<Uint8Array>> => exportContainer(engine, id);
    if (type === 'tar') await writeArchive(destination, open, 'exporting', io);
    else await writeDirectory(destination, await open(), io);
  } finally {
    await removeContainer(engine.boundTo(undefined), id, { isForced: true });
  }
}

/** The files are unpacked beside the directory and moved in when all are there, so that none is half written. */
async function writeDirectory(directory: string, files: AsyncIterable<Uint8Array>, io: CliIo): Promise<void> {
  const status = new StatusLine(io);
  makeFolder(directory);
  const scratch = await fs.mkdtemp(join(dirname(directory), `.${basename(directory)}.`));
  try {
    await unpackTree(counted(files, 'exporting', status), scratch);
    await moveInto(scratch, directory);
  } finally {
    status.clear();
    await fs.rm(scratch, { recursive: true, force: true });
  }
}

/** Directories are filled, everything else is replaced. */
async function moveInto(from: string, to: string): Promise<void> {
  for (const entry of await fs.readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    const there = await fs.lstat(target).catch(() => undefined);
    if (entry.isDirectory() && there?.isDirectory()) await moveInto(source, target);
    else {
      if (there !== undefined) await fs.rm(target, { recursive: true });
      await fs.rename(source, target);
    }
  }
}

/** What buildx writes for one image. */
export async function writeMetadata(path: string, image: string, tags: readonly string[]): Promise<void> {
  const names = tags.length === 0 ? {} : { 'image.name': tags.join(',') };
  const metadata = { 'containerimage.config.digest': image, 'containerimage.digest': image, ...names };
  await writeWholeText(path, `${JSON.stringify(metadata, undefined, 2)}\n`);
}
