/** `naru cp`: files between a container and this machine, by docker's rules. */

import { lstat, realpath, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';

import type { Command } from 'commander';

import { cleanPath } from '../../../core/context/paths.ts';
import { NaruError } from '../../../core/errors.ts';
import { writeTar } from '../../../local/tar/writer.ts';
import { systemReason } from '../../../local/system-reason.ts';
import { type PathStat, putArchive, readArchive, statPath } from '../../driver/engine/archives.ts';
import type { EngineConnection } from '../../driver/engine/connection.ts';
import { inspectContainer } from '../../driver/engine/containers.ts';
import { openArchive } from '../archive-input.ts';
import { counted, refuseTerminal, writeArchive } from '../archive-output.ts';
import { withEngine } from '../connect.ts';
import { packTree } from '../copy/pack.ts';
import { type CopyDestination, type CopySide, type CopySource, placeOf, readSide } from '../copy/place.ts';
import { unpackTree } from '../copy/unpack.ts';
import type { CliIo } from '../io.ts';
import { StatusLine } from '../status-line.ts';

interface CopyFlags {
  readonly archive?: boolean;
  readonly followLink?: boolean;
  readonly quiet?: boolean;
}

type ContainerSide = Extract<CopySide, { kind: 'container' }>;

export function addCpCommand(program: Command, io: CliIo): void {
  const command = program
    .command('cp')
    .description('copy files between a container and this machine')
    .argument('<from>', 'CONTAINER:PATH, a path here, or - for a tar on stdin')
    .argument('<to>', 'CONTAINER:PATH, a path here, or - for a tar on stdout')
    .option('-a, --archive', 'keep owners (uid and gid)')
    .option('-L, --follow-link', 'of a symbolic link, copy what it points to')
    .option('-q, --quiet', 'no progress')
    .action((from: string, to: string, flags: CopyFlags) => {
      const [source, destination] = [readSide(from), readSide(to)];
      if (source.kind === destination.kind) throw wrongSides(source);
      if (source.kind === 'container' && from === `${source.container}:`) throw noPath(source);
      if (source.kind === 'local' && destination.kind === 'container') {
        return withEngine(command, io, (engine) => copyIn(engine, source.path, destination, flags, io));
      }
      if (to === '-') refuseTerminal(undefined, io);
      return withEngine(command, io, (engine) => copyOut(engine, source as ContainerSide, to, flags, io)); // the kinds differ
    });
}

/** The whole of a container over what lies here is hardly meant. */
function noPath({ container }: ContainerSide): NaruError {
  return new NaruError('invalid-argument', 'E_COPY', `${container}: the path is missing`, {
    hint: `write naru cp ${container}:PATH HERE; the whole of it is ${container}:/`,
  });
}

function wrongSides({ kind }: CopySide): NaruError {
  const message =
    kind === 'local'
      ? 'neither side names a container'
      : 'files cannot be copied from container to container';
  return new NaruError('invalid-argument', 'E_COPY', message, {
    hint: 'write naru cp CONTAINER:PATH HERE, or naru cp HERE CONTAINER:PATH',
  });
}

async function copyOut(
  engine: EngineConnection,
  { container, path }: ContainerSide,
  to: string,
  flags: CopyFlags,
  io: CliIo,
): Promise<void> {
  const link = flags.followLink === true ? await statPath(engine, container, path) : undefined;
  const realPath = link === undefined || link.linkTarget === '' ? path : targetOf(path, link);
  if (to === '-') {
    await writeArchive(
      undefined,
      async () => (await readArchive(engine, container, realPath)).tar,
      'copying',
      io,
    );
    return;
  }
  const destination = await localDestination(to, io);
  const { stat: found, tar } = await readArchive(engine, container, realPath);
  const source = { path, name: nameOf(path), isDirectory: found.isDirectory };
  const { directory, name } = placeOf(source, destination);
  const status = new StatusLine(io);
  try {
    await unpackTree(
      flags.quiet === true ? tar : counted(tar, 'copying', status),
      resolve(io.cwd, directory),
      { name },
    );
  } finally {
    status.clear();
  }
}

async function copyIn(
  engine: EngineConnection,
  from: string,
  { container, path }: ContainerSide,
  flags: CopyFlags,
  io: CliIo,
): Promise<void> {
  const { id } = await inspectContainer(engine, container); // a HEAD has no words for what is missing
  const destination = await containerDestination(engine, id, path);
  const keepsOwners = flags.archive === true;
  if (from === '-') {
    if (!destination.isDirectory) {
      throw new NaruError('invalid-argument', 'E_COPY', `${path} is not a directory of ${container}`, {
        hint: 'a tar can be unpacked in a directory only',
      });
    }
    const { chunks, status } = await openArchive('-', 'copying', io);
    await putArchive(engine, id, destination.path, chunks, keepsOwners).finally(() => status.clear());
    return;
  }
  const source = await localSource(from, flags.followLink === true, io);
  const { directory, name } = placeOf(source, destination);
  const status = new StatusLine(io);
  const tar = writeTar(packTree(source.realPath, name));
  try {
    await putArchive(
      engine,
      id,
      directory,
      flags.quiet === true ? tar : counted(tar, 'copying', status),
      keepsOwners,
    );
  } finally {
    status.clear();
  }
}

/** A link is followed once: that is where what is copied should land. */
async function containerDestination(
  engine: EngineConnection,
  id: string,
  path: string,
): Promise<CopyDestination> {
  const absolute = path.startsWith('/') ? path : `/${path}`;
  let place = absolute;
  let found = await statPath(engine, id, place);
  if (found !== undefined && found.linkTarget !== '') {
    place = targetOf(absolute, found);
    found = await statPath(engine, id, place);
  }
  const end = absolute.endsWith('/') && !place.endsWith('/') ? '/' : '';
  return { path: `${place}${end}`, isThere: found !== undefined, isDirectory: found?.isDirectory === true };
}

function targetOf(path: string, { linkTarget }: PathStat): string {
  if (linkTarget.startsWith('/')) return cleanPath(linkTarget);
  return cleanPath(`${path.replace(/\/*$/, '').replace(/[^/]*$/, '')}${linkTarget}`);
}

/** Last name of a path in a container. */
function nameOf(path: string): string {
  return basename(cleanPath(`/${path}`));
}

async function localDestination(path: string, io: CliIo): Promise<CopyDestination> {
  const found = await stat(resolve(io.cwd, path)).catch(() => undefined);
  if (found === undefined) {
    const parent = resolve(io.cwd, path, '..');
    if (!(await stat(parent).catch(() => undefined))?.isDirectory()) {
      throw new NaruError('invalid-argument', 'E_COPY', `there is no directory ${parent}`, {
        hint: 'make it first',
      });
    }
  }
  return { path, isThere: found !== undefined, isDirectory: found?.isDirectory() === true };
}

async function localSource(
  path: string,
  isFollowed: boolean,
  io: CliIo,
): Promise<CopySource & { readonly realPath: string }> {
  const absolute = resolve(io.cwd, path);
  // A slash or a dot behind a link asks for what it points to.
  const asked = /\/\.?$/.test(path) ? `${absolute}/` : absolute;
  const found = await (isFollowed ? stat(asked) : lstat(asked)).catch((cause: unknown) => {
    const reason = systemReason(cause);
    throw new NaruError('invalid-argument', 'E_COPY', `cannot read ${path}: ${reason}`, { cause });
  });
  const realPath = isFollowed ? await realpath(asked) : asked;
  return { path, realPath, name: basename(absolute), isDirectory: found.isDirectory() };
}
