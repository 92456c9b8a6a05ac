/** `naru history`: what an image is made of, newest step first. */

import type { Command } from 'commander';

import { imageHistory, type ImageHistoryRow } from '../../driver/engine/images.ts';
import { withEngine } from '../connect.ts';
import type { CliIo } from '../io.ts';
import { addListingFlags, type Listing, type ListingFlags, printListing } from '../listing.ts';
import { formatAgo, formatBytes, formatRfc3339, shortId, shorten } from '../units.ts';

interface HistoryFlags extends ListingFlags {
  readonly trunc: boolean;
  readonly human: boolean;
}

export function addHistoryCommand(program: Command, io: CliIo): void {
  const command = program
    .command('history')
    .description('show the steps that made an image')
    .argument('<image>')
    .option('--no-trunc', 'whole ids and instructions')
    .option('-H, --human', 'sizes and dates for people', true)
    .option('--no-human', 'sizes in bytes, dates as RFC 3339');
  addListingFlags(command, 'only ids').action((image: string, flags: HistoryFlags) =>
    withEngine(command, io, async (engine) =>
      printListing(io, historyListing(flags), await imageHistory(engine, image), flags),
    ),
  );
}

function historyListing({ trunc, human }: HistoryFlags): Listing<ImageHistoryRow> {
  const idOf = ({ id }: ImageHistoryRow): string => (trunc ? shortId(id) : id);
  const sinceOf = ({ createdAt }: ImageHistoryRow): string => {
    if (!human) return formatRfc3339(createdAt);
    return createdAt.getTime() <= 0 ? 'N/A' : formatAgo(createdAt);
  };
  return {
    idOf,
    columns: ['ID', 'CreatedSince', 'CreatedBy', 'Size', 'Comment'],
    fields: {
      ID: { head: 'IMAGE', of: idOf },
      CreatedSince: { head: human ? 'CREATED' : 'CREATED AT', of: sinceOf },
      CreatedAt: { head: 'CREATED AT', of: ({ createdAt }) => formatRfc3339(createdAt) },
      CreatedBy: {
        head: 'CREATED BY',
        of: ({ createdBy }) => {
          const line = createdBy.replaceAll('\t', ' ');
          return trunc ? shorten(line, 45) : line;
        },
      },
      Size: {
        head: 'SIZE',
        of: ({ sizeBytes }) => (human ? formatBytes(sizeBytes) : String(sizeBytes)),
      },
      Comment: { head: 'COMMENT', of: ({ comment }) => comment },
    },
  };
}
