/** Files that are there whole or not at all: written beside their place under another name, and moved there at the end. */

import { constants, createWriteStream } from 'node:fs';
import * as fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { NaruError } from '../../core/errors.ts';
import { systemReason } from '../../local/system-reason.ts';
import { removeLeftovers, scratchName } from './scratch-name.ts';

/**
 * What stood there before is replaced at the end, and stays when the source breaks off; what a killed writer left beside it goes first.
 * A pipe or a device is written to as it is.
 *
 * @throws NaruError "invalid-argument" when it cannot be written there, before the source is read; whatever the source throws
 */
export async function writeWholeFile(
  path: string,
  open: () => Promise<AsyncIterable<Uint8Array>>,
): Promise<void> {
  const target = await wholeFile(path);
  try {
    await pipeline(await open(), createWriteStream(target.path, { flags: target.flags }));
    await target.finish();
  } catch (error) {
    await target.discard();
    throw writeError(path, error);
  }
}

/** Before there is anything to write. @throws NaruError "invalid-argument" as `writeWholeFile` */
export async function checkWholeFile(path: string): Promise<void> {
  await (await wholeFile(path)).discard();
}

/** What the system refused, as a sentence with the place it is about; other errors as they are. */
export function writeError(path: string, error: unknown): unknown {
  return error instanceof Error && 'syscall' in error ? unwritable(path, error) : error;
}

/** The same for a small text. */
export function writeWholeText(path: string, text: string): Promise<void> {
  return writeWholeFile(path, async () => Readable.from([Buffer.from(text)]));
}

interface WholeFile {
  /** Where to write. */
  readonly path: string;
  readonly flags: string;
  readonly finish: () => Promise<void>;
  readonly discard: () => Promise<void>;
}

async function wholeFile(path: string): Promise<WholeFile> {
  const there = await fs.stat(path).catch(() => undefined);
  if (there !== undefined && !there.isFile()) {
    if (there.isDirectory()) throw unwritable(path, new Error('it is a directory'));
    await fs.access(path, constants.W_OK).catch((cause: unknown) => {
      throw unwritable(path, cause);
    });
    return { path, flags: 'a', finish: async () => undefined, discard: async () => undefined };
  }
  // A symbolic link stays one: what it points to is replaced.
  const place = there === undefined ? path : await fs.realpath(path);
  await removeLeftovers(dirname(place), basename(place));
  const scratch = join(dirname(place), scratchName(basename(place)));
  const file = await fs.open(scratch, 'wx', there?.mode).catch((cause: unknown) => {
    throw unwritable(path, cause);
  });
  await file.close();
  return {
    path: scratch,
    flags: 'w',
    finish: () => fs.rename(scratch, place),
    discard: () => fs.rm(scratch, { force: true }),
  };
}

function unwritable(path: string, cause: unknown): NaruError {
  const reason = systemReason(cause);
  return new NaruError('invalid-argument', 'E_WRITE', `cannot write ${path}: ${reason}`, { cause });
}
