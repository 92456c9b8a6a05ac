/**
 * A tar from the engine as files in a folder, as BuildKit's local exporter writes them: with all bits of their modes and their times, owned by whoever runs this (buildx 0.29.1).
 * What is there and not in the tar stays.
 */

import * as fs from 'node:fs/promises';
import { join } from 'node:path';

import { errorCode } from '../../../local/error-code.ts';
import { makeFolder } from '../../../local/make-folder.ts';
import { counted } from '../archive-output.ts';
import { setAttributes, type Unpacked, unpackFiles } from '../copy/unpack.ts';
import type { CliIo } from '../io.ts';
import { removeLeftovers, scratchName } from '../scratch-name.ts';
import { StatusLine } from '../status-line.ts';
import { writeError } from '../whole-file.ts';

/** The files are unpacked inside the folder, on its own file system, and moved to their places when all are there, so that none is half written. What a killed writer left there goes first. */
export async function writeFolder(
  { path, shown }: { readonly path: string; readonly shown: string },
  files: AsyncIterable<Uint8Array>,
  doing: string,
  io: CliIo,
): Promise<Unpacked> {
  const status = new StatusLine(io);
  makeFolder(path);
  try {
    await removeLeftovers(path, SCRATCH);
    const scratch = join(path, scratchName(SCRATCH));
    await fs.mkdir(scratch, 0o700);
    try {
      const unpacked = await unpackFiles(counted(files, doing, status), scratch);
      await moveInto(scratch, path);
      // Last, and innermost first: what is moved changes a directory's time, and needs one that can be written.
      for (const { name, entry } of unpacked.directories.toReversed())
        await setAttributes(join(path, name), entry);
      return unpacked;
    } finally {
      await fs.rm(scratch, { recursive: true, force: true });
    }
  } catch (error) {
    throw writeError(shown, error);
  } finally {
    status.clear();
  }
}

/** Before the random part of a scratch folder's name. */
const SCRATCH = 'naru-output';

/** Directories are filled, everything else is replaced. */
async function moveInto(from: string, to: string): Promise<void> {
  for (const entry of await fs.readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    const there = await fs.lstat(target).catch(() => undefined);
    if (entry.isDirectory() && there?.isDirectory()) {
      if ((there.mode & 0o300) !== 0o300) await fs.chmod(target, there.mode | 0o300);
      await moveInto(source, target);
    } else {
      if (there !== undefined) await fs.rm(target, { recursive: true });
      await move(source, target);
    }
  }
}

/** A folder in it may be another file system. */
async function move(source: string, target: string): Promise<void> {
  try {
    await fs.rename(source, target);
  } catch (error) {
    if (errorCode(error) !== 'EXDEV') throw error;
    await fs.cp(source, target, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    await fs.rm(source, { recursive: true });
  }
}
