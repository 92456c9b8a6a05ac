/** `naru volume`: named folders that outlive containers. */

import type { Command } from 'commander';

import {
  createVolume,
  listVolumes,
  pruneVolumes,
  removeVolume,
  type VolumeSummary,
} from '../../driver/engine/volumes.ts';
import { withEngine } from '../connect.ts';
import { confirm, printReclaimed } from '../confirm.ts';
import { forEachName } from '../each.ts';
import type { CliIo } from '../io.ts';
import { addListingFlags, labelField, type Listing, type ListingFlags, printListing } from '../listing.ts';
import { parseFilters } from '../parse/filters.ts';
import { collect, parsePairs } from '../parse/quantity.ts';
import { formatLabels } from '../units.ts';
import { addInspectOf } from './inspect.ts';

export function addVolumeCommands(program: Command, io: CliIo): void {
  const volume = program.command('volume').description('list, create and remove volumes');
  addList(volume, io);
  addCreate(volume, io);
  addInspectOf(volume, io, 'volume');
  addRemove(volume, io);
  addPrune(volume, io);
}

function addList(volume: Command, io: CliIo): void {
  const command = volume
    .command('ls')
    .alias('list')
    .description('list volumes')
    .option('-f, --filter <name=value>', 'only those, such as dangling=true or name=data', collect, []);
  addListingFlags(command, 'only names').action(
    async (flags: ListingFlags & { filter: readonly string[] }) => {
      const filters = parseFilters(flags.filter);
      const volumes = await withEngine(command, io, (engine) => listVolumes(engine, filters));
      const sorted = volumes.toSorted((one, other) => (one.name < other.name ? -1 : 1));
      printListing(io, LISTING, sorted, flags);
    },
  );
}

const LISTING: Listing<VolumeSummary> = {
  idOf: ({ name }) => name,
  columns: ['Driver', 'Name'],
  fields: {
    Name: { head: 'VOLUME NAME', of: ({ name }) => name },
    Driver: { head: 'DRIVER', of: ({ driver }) => driver },
    Scope: { head: 'SCOPE', of: ({ scope }) => scope },
    Mountpoint: { head: 'MOUNTPOINT', of: ({ mountpoint }) => mountpoint },
    // Docker: of volumes of a cluster, and the last two known to `system df -v` alone.
    Availability: { head: 'AVAILABILITY', of: () => 'N/A' },
    Group: { head: 'GROUP', of: () => 'N/A' },
    Status: { head: 'STATUS', of: () => 'N/A' },
    Links: { head: 'LINKS', of: () => 'N/A' },
    Size: { head: 'SIZE', of: () => 'N/A' },
    Labels: { head: 'LABELS', of: ({ labels }) => formatLabels(labels) },
    Label: labelField(({ labels }) => labels),
  },
};

function addCreate(volume: Command, io: CliIo): void {
  const command = volume
    .command('create')
    .description('make a volume')
    .argument('[name]', 'default: one is made up')
    .option('-d, --driver <driver>', 'how it is kept', 'local')
    .option('-o, --opt <name=value>', 'option of the driver, such as type=tmpfs', collect, [])
    .option('--label <name=value>', 'label it', collect, [])
    .action((name: string | undefined, flags: { driver: string; opt: string[]; label: string[] }) =>
      withEngine(command, io, async (engine) => {
        const created = await createVolume(engine, {
          ...(name === undefined ? {} : { name }),
          driver: flags.driver,
          driverOptions: parsePairs(flags.opt),
          labels: parsePairs(flags.label),
        });
        io.stdout.write(`${created.name}\n`);
      }),
    );
}

function addRemove(volume: Command, io: CliIo): void {
  const command = volume
    .command('rm')
    .alias('remove')
    .description('remove volumes that no container uses')
    .argument('<names...>')
    .option('-f, --force', 'no word about those that are not there')
    .action((names: string[], flags: { force?: boolean }) =>
      withEngine(command, io, (engine) =>
        forEachName(names, io, (name) => removeVolume(engine, name, flags.force === true)),
      ),
    );
}

function addPrune(volume: Command, io: CliIo): void {
  const command = volume
    .command('prune')
    .description('remove volumes that no container uses')
    .option('-a, --all', 'those with a name of yours, too')
    .option('--filter <name=value>', 'only those, such as label=a=b', collect, [])
    .option('-f, --force', 'do not ask')
    .action(async (flags: { all?: boolean; filter: readonly string[]; force?: boolean }) => {
      const filters = parseFilters(flags.filter);
      const what = flags.all === true ? 'all volumes' : 'all anonymous volumes';
      await confirm(io, `Remove ${what} that no container uses?`, flags.force === true);
      await withEngine(command, io, async (engine) => {
        printReclaimed(io, 'Deleted Volumes', await pruneVolumes(engine, flags.all === true, filters));
      });
    });
}
