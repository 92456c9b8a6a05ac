/** `naru images`: images, in docker's columns; one line per name. */

import type { Command } from 'commander';

import { type ImageSummary, listImages } from '../../driver/engine/images.ts';
import { withEngine } from '../connect.ts';
import type { CliIo } from '../io.ts';
import { addListingFlags, type Listing, type ListingFlags, printListing } from '../listing.ts';
import { parseFilters } from '../parse/filters.ts';
import { collect } from '../parse/quantity.ts';
import { formatAgo, formatBytes, formatLocalTime, formatPreciseBytes, shortId } from '../units.ts';

interface ImagesFlags extends ListingFlags {
  readonly all?: boolean;
  readonly digests?: boolean;
  readonly filter: readonly string[];
  readonly json?: boolean;
  readonly trunc: boolean;
}

export function addImagesCommand(program: Command, io: CliIo): void {
  const command = program
    .command('images')
    .description('list images')
    .argument('[repository]', 'only these, such as node, node:20 or my/*')
    .option('-a, --all', 'intermediate ones, too')
    .option('--digests', 'show digests')
    .option('-f, --filter <name=value>', 'only those, such as dangling=true or label=a=b', collect, [])
    .option('--no-trunc', 'whole ids')
    .option('--json', 'one JSON array');
  addListingFlags(command, 'only ids').action(async (repository: string | undefined, flags: ImagesFlags) => {
    const wanted = repository === undefined ? {} : { reference: [repository] };
    const filters = { ...parseFilters(flags.filter), ...wanted };
    const images = await withEngine(command, io, (engine) =>
      listImages(engine, { isAll: flags.all === true, filters }),
    );
    if (flags.json) io.stdout.write(`${JSON.stringify(images)}\n`);
    else printListing(io, imageListing(flags.trunc, flags.digests === true), images.flatMap(namesOf), flags);
  });
}

interface ImageRow {
  readonly image: ImageSummary;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

const NONE = '<none>';

function namesOf(image: ImageSummary): readonly ImageRow[] {
  const digests = new Map(image.digests.map((text) => splitAt(text, text.indexOf('@'))));
  if (image.tags.length === 0) {
    if (digests.size === 0) return [{ image, repository: NONE, tag: NONE, digest: NONE }];
    return [...digests].map(([repository, digest]) => ({ image, repository, tag: NONE, digest }));
  }
  return image.tags.map((name) => {
    const [repository, tag] = splitAt(name, name.lastIndexOf(':'));
    return { image, repository, tag, digest: digests.get(repository) ?? NONE };
  });
}

function splitAt(text: string, at: number): readonly [string, string] {
  return [text.slice(0, at), text.slice(at + 1)];
}

function imageListing(isShortened: boolean, withDigests: boolean): Listing<ImageRow> {
  const idOf = ({ image }: ImageRow): string => (isShortened ? shortId(image.id) : image.id);
  return {
    idOf,
    columns: ['Repository', 'Tag', ...(withDigests ? ['Digest'] : []), 'ID', 'CreatedSince', 'Size'],
    fields: {
      ID: { head: 'IMAGE ID', of: idOf },
      Repository: { head: 'REPOSITORY', of: ({ repository }) => repository },
      Tag: { head: 'TAG', of: ({ tag }) => tag },
      Digest: { head: 'DIGEST', of: ({ digest }) => digest },
      CreatedSince: {
        head: 'CREATED',
        of: ({ image }) => formatAgo(image.createdAt),
      },
      CreatedAt: { head: 'CREATED AT', of: ({ image }) => formatLocalTime(image.createdAt) },
      Size: { head: 'SIZE', of: ({ image }) => formatBytes(image.sizeBytes) },
      VirtualSize: { head: 'SIZE', of: ({ image }) => formatPreciseBytes(image.sizeBytes) },
      // Docker: known to `system df -v` alone.
      SharedSize: { head: 'SHARED SIZE', of: () => 'N/A' },
      UniqueSize: { head: 'UNIQUE SIZE', of: () => 'N/A' },
      Containers: { head: 'CONTAINERS', of: () => 'N/A' },
    },
  };
}
