/** Verbs over images: rmi, tag, load, save. */

import { open } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { Command } from 'commander';

import { NaruError } from '../../../core/errors.ts';
import { familiarName, parseReference } from '../../../core/oci/reference.ts';
import { loadImages, removeImage, saveImages, tagImage } from '../../driver/engine/images.ts';
import { withEngine } from '../connect.ts';
import type { CliIo } from '../io.ts';

export function addImageVerbs(program: Command, io: CliIo): void {
  addRmi(program, io);
  addTag(program, io);
  addLoad(program, io);
  addSave(program, io);
}

function addRmi(program: Command, io: CliIo): void {
  program
    .command('rmi')
    .description('remove images')
    .argument('<images...>')
    .option('-f, --force', 'although tags or stopped containers refer to them')
    .action((names: string[], flags: { force?: boolean }, command: Command) =>
      withEngine(command, io, async (engine) => {
        for (const name of names) {
          for (const { kind, name: what } of await removeImage(engine, name, flags.force === true)) {
            io.stdout.write(`${kind === 'untagged' ? 'Untagged' : 'Deleted'}: ${what}\n`);
          }
        }
      }),
    );
}

function addTag(program: Command, io: CliIo): void {
  program
    .command('tag')
    .description('give an image one more name')
    .argument('<image>')
    .argument('<name>', 'repository[:tag]')
    .action((image: string, name: string, _flags: object, command: Command) =>
      withEngine(command, io, (engine) => {
        const reference = parseReference(name);
        return tagImage(engine, image, familiarName(reference), reference.tag ?? 'latest');
      }),
    );
}

function addLoad(program: Command, io: CliIo): void {
  program
    .command('load')
    .description('load images from an archive (docker save or OCI layout)')
    .option('-i, --input <file>', 'archive; default: stdin')
    .option('-q, --quiet', 'print nothing')
    .action((flags: { input?: string; quiet?: boolean }, command: Command) =>
      withEngine(command, io, async (engine) => {
        const archive = flags.input === undefined ? io.stdin : await openArchive(flags.input);
        for await (const { text } of loadImages(engine, archive, io.signal)) {
          if (!flags.quiet) io.stdout.write(text);
        }
      }),
    );
}

/** Opened before anything is sent, so that a wrong name is what the user hears of. @throws NaruError "invalid-argument" */
async function openArchive(path: string): Promise<Readable> {
  const file = await open(path).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new NaruError('invalid-argument', 'E_LOAD', `cannot read the archive ${path}: ${reason}`, {
      cause,
    });
  });
  return file.createReadStream();
}

/** @throws NaruError "invalid-argument" when it can't be written */
async function createArchive(path: string): Promise<Writable> {
  const file = await open(path, 'w').catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new NaruError('invalid-argument', 'E_SAVE', `cannot write the archive ${path}: ${reason}`, {
      cause,
    });
  });
  return file.createWriteStream();
}

function addSave(program: Command, io: CliIo): void {
  program
    .command('save')
    .description('write images to one archive that docker and OCI tools read')
    .argument('<images...>')
    .option('-o, --output <file>', 'archive; default: stdout')
    .action((names: string[], flags: { output?: string }, command: Command) => {
      if (flags.output === undefined && io.stdout.isTTY) {
        throw new NaruError('invalid-argument', 'E_SAVE', 'an archive is not for a terminal', {
          hint: 'write to a file with -o FILE, or redirect stdout',
        });
      }
      return withEngine(command, io, async (engine) => {
        const archive = await saveImages(engine, names, io.signal);
        if (flags.output === undefined) await pipeline(archive, io.stdout, { end: false });
        else await pipeline(archive, await createArchive(flags.output));
      });
    });
}
