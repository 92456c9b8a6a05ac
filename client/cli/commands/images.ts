/** `naru images`: images, in docker's columns. */

import type { Command } from 'commander';

import { type ImageSummary, listImages } from '../../driver/engine/images.ts';
import { withEngine } from '../connect.ts';
import type { CliIo } from '../io.ts';
import { formatTable } from '../table.ts';
import { formatAge, formatBytes } from '../units.ts';

interface ImagesFlags {
  readonly all?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

export function addImagesCommand(program: Command, io: CliIo): void {
  program
    .command('images')
    .description('list images')
    .option('-a, --all', 'untagged ones, too')
    .option('-q, --quiet', 'only ids')
    .option('--json', 'one JSON array')
    .action(async (flags: ImagesFlags, command: Command) => {
      const images = await withEngine(command, io, (engine) =>
        listImages(engine, { isAll: flags.all === true }),
      );
      if (flags.json) io.stdout.write(`${JSON.stringify(images)}\n`);
      else if (flags.quiet) io.stdout.write(images.map(({ id }) => `${shortId(id)}\n`).join(''));
      else io.stdout.write(formatTable(HEAD, images.flatMap(rows)));
    });
}

const HEAD = ['REPOSITORY', 'TAG', 'IMAGE ID', 'CREATED', 'SIZE'];

function rows(image: ImageSummary): readonly (readonly string[])[] {
  const age = `${formatAge((Date.now() - image.createdAt.getTime()) / 1000)} ago`;
  const tags = image.tags.length > 0 ? image.tags : ['<none>:<none>'];
  return tags.map((tag) => {
    const at = tag.lastIndexOf(':');
    return [tag.slice(0, at), tag.slice(at + 1), shortId(image.id), age, formatBytes(image.sizeBytes)];
  });
}

function shortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 12);
}
