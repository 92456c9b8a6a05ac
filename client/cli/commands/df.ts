/** `naru df`, also `naru system df`: what takes space, and what of it could go. */

import type { Command } from 'commander';

import { diskUsage, type UsageRow } from '../../driver/engine/system.ts';
import { usageItems } from '../../driver/engine/usage-items.ts';
import { withEngine } from '../connect.ts';
import type { CliIo } from '../io.ts';
import { addFormatFlag, type Listing, printListing } from '../listing.ts';
import { formatPreciseBytes } from '../units.ts';
import { formatUsage } from '../usage-tables.ts';

export function addDfCommand(program: Command, io: CliIo): void {
  const command = program.command('df').description('show what takes space');
  command.option('-v, --verbose', 'each image, container, volume and piece of the build cache');
  addFormatFlag(command).action((flags: { format?: string; verbose?: boolean }) =>
    withEngine(command, io, async (engine) => {
      if (flags.verbose === true) {
        io.stdout.write(formatUsage(await usageItems(engine), flags.format));
        return;
      }
      const usage = await diskUsage(engine);
      const rows = [
        { type: 'Images', isShareShown: true, ...usage.images },
        { type: 'Containers', isShareShown: true, ...usage.containers },
        { type: 'Local Volumes', isShareShown: true, ...usage.volumes },
        { type: 'Build Cache', isShareShown: false, ...usage.buildCache },
      ];
      printListing(io, LISTING, rows, flags);
    }),
  );
}

interface DfRow extends UsageRow {
  readonly type: string;
  readonly isShareShown: boolean;
}

const LISTING: Listing<DfRow> = {
  idOf: ({ type }) => type,
  columns: ['Type', 'TotalCount', 'Active', 'Size', 'Reclaimable'],
  fields: {
    Type: { head: 'TYPE', of: ({ type }) => type },
    TotalCount: { head: 'TOTAL', of: ({ nTotal }) => String(nTotal) },
    Active: { head: 'ACTIVE', of: ({ nActive }) => String(nActive) },
    Size: { head: 'SIZE', of: ({ sizeBytes }) => formatPreciseBytes(sizeBytes) },
    Reclaimable: {
      head: 'RECLAIMABLE',
      of: ({ sizeBytes, reclaimableBytes, isShareShown }) => {
        const share = Math.floor((100 * reclaimableBytes) / sizeBytes);
        const bytes = formatPreciseBytes(reclaimableBytes);
        return isShareShown && sizeBytes > 0 ? `${bytes} (${share}%)` : bytes;
      },
    },
  },
};
