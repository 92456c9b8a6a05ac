/** A container from a specification: its image fetched first where that is asked for, its id written to a file. */

import { type FileHandle, open, rm } from 'node:fs/promises';
import { resolve } from 'node:path';

import { isErrorKind, NaruError } from '../../core/errors.ts';
import { systemReason } from '../../local/system-reason.ts';
import type { EngineConnection } from '../driver/engine/connection.ts';
import type { ContainerSpec } from '../driver/engine/container-spec.ts';
import { createContainer } from '../driver/engine/containers.ts';
import { pullImage } from '../driver/engine/images.ts';
import type { CliIo } from './io.ts';
import type { PullPolicy } from './parse/run-flags.ts';
import { printTransfer } from './transfer.ts';

export interface CreateOptions {
  readonly pull: PullPolicy;
  /** Nothing is said about fetching. */
  readonly quiet?: boolean;
  /** The id goes into this file. */
  readonly cidfile?: string;
}

/** Answers the id. @throws NaruError "not-found" when the image is neither here nor in a registry, "invalid-argument" when the id file is there already */
export async function createFrom(
  engine: EngineConnection,
  spec: ContainerSpec,
  options: CreateOptions,
  io: CliIo,
): Promise<string> {
  const path = options.cidfile === undefined ? undefined : resolve(io.cwd, options.cidfile);
  const idFile = path === undefined ? undefined : await claimIdFile(path);
  try {
    if (options.pull === 'always') await fetchImage(engine, spec, options, io);
    const { id, warnings } = await createContainer(engine, spec).catch(async (error: unknown) => {
      if (options.pull !== 'missing' || !isMissingImage(error)) throw error;
      await fetchMissing(engine, spec, options, io, error);
      return createContainer(engine, spec);
    });
    for (const warning of warnings) io.stderr.write(`naru: warning: ${warning}\n`);
    await idFile?.writeFile(id);
    await idFile?.close();
    return id;
  } catch (error) {
    await idFile?.close();
    if (path !== undefined && idFile !== undefined) await rm(path, { force: true });
    throw error;
  }
}

function isMissingImage(error: unknown): error is NaruError {
  return isErrorKind(error, 'not-found') && /^No such image/i.test(error.message);
}

async function fetchMissing(
  engine: EngineConnection,
  spec: ContainerSpec,
  options: CreateOptions,
  io: CliIo,
  missing: NaruError,
): Promise<void> {
  try {
    await fetchImage(engine, spec, options, io);
  } catch (cause) {
    if (!isErrorKind(cause, 'unimplemented')) throw cause;
    throw new NaruError('not-found', missing.code, missing.message, {
      hint: 'naru images lists what is here; build it with naru build, or bring it in with naru load -i FILE',
      cause,
    });
  }
}

async function fetchImage(
  engine: EngineConnection,
  spec: ContainerSpec,
  { quiet }: CreateOptions,
  io: CliIo,
): Promise<void> {
  const platform = spec.platform === undefined ? {} : { platform: spec.platform };
  const messages = pullImage(engine, spec.image, { signal: io.signal, ...platform });
  await printTransfer(messages, quiet === true ? undefined : io.stderr);
}

/** Docker: a file that is there already means that another container may be using it (docker 28.2.2). */
async function claimIdFile(path: string): Promise<FileHandle> {
  return open(path, 'wx').catch((cause: NodeJS.ErrnoException) => {
    const message =
      cause.code === 'EEXIST'
        ? `--cidfile: ${path} is there already`
        : `--cidfile: cannot write ${path}: ${systemReason(cause)}`;
    const hint = cause.code === 'EEXIST' ? { hint: 'delete it if its container is gone' } : {};
    throw new NaruError('invalid-argument', 'E_CIDFILE', message, { cause, ...hint });
  });
}
