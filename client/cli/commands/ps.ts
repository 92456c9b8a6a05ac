/** `naru ps`: containers, in docker's columns. */

import type { Command } from 'commander';

import type { ContainerSummary } from '../../driver/engine/container-model.ts';
import { listContainers } from '../../driver/engine/containers.ts';
import { withEngine } from '../connect.ts';
import type { CliIo } from '../io.ts';
import { addListingFlags, labelField, type Listing, type ListingFlags, printListing } from '../listing.ts';
import { parseFilters } from '../parse/filters.ts';
import { collect, parseNumber } from '../parse/quantity.ts';
import { formatPorts } from '../ports.ts';
import { NIL } from '../template/value.ts';
import { formatAgo, formatBytes, formatLabels, formatLocalTime, quoted, shortId, shorten } from '../units.ts';

interface PsFlags extends ListingFlags {
  readonly all?: boolean;
  readonly filter: readonly string[];
  readonly json?: boolean;
  readonly last?: string;
  readonly latest?: boolean;
  readonly size?: boolean;
  /** commander takes the `no-` of --no-trunc off. */
  readonly trunc: boolean;
}

export function addPsCommand(program: Command, io: CliIo): void {
  const command = program
    .command('ps')
    .description('list containers')
    .option('-a, --all', 'stopped ones, too')
    .option('-f, --filter <name=value>', 'only those, such as status=exited or label=a=b', collect, [])
    .option('-n, --last <number>', 'only the last ones made, stopped or not')
    .option('-l, --latest', 'only the last one made')
    .option('-s, --size', 'how much they wrote')
    .option('--no-trunc', 'whole ids and commands')
    .option('--json', 'one JSON array');
  addListingFlags(command, 'only ids').action(async (flags: PsFlags) => {
    const limit =
      flags.latest === true ? 1 : flags.last === undefined ? -1 : parseNumber('--last', flags.last);
    const format = flags.format ?? '';
    const filters = parseFilters(flags.filter);
    const containers = await withEngine(command, io, (engine) =>
      listContainers(engine, {
        isAll: flags.all === true,
        filters,
        // The size of a container takes the engine a walk: only where it is asked for.
        withSizes: flags.size === true || NAMES_SIZE.test(format),
        ...(limit > 0 ? { limit } : {}),
      }),
    );
    if (flags.json) io.stdout.write(`${JSON.stringify(containers)}\n`);
    else printListing(io, containerListing(flags.trunc, flags.size === true), containers, flags);
  });
}

/** By itself, or with all of the row: `{{json .}}`. */
const NAMES_SIZE = /\.Size\b|\bjson +\.(?!\w)|\{\{-? *\. *\|/;

const COLUMNS = ['ID', 'Image', 'Command', 'RunningFor', 'Status', 'Ports', 'Names'];

/** Also the table of `system df -v`. */
export function containerListing(isShortened: boolean, withSizes: boolean): Listing<ContainerSummary> {
  const idOf = ({ id }: ContainerSummary): string => (isShortened ? shortId(id) : id);
  return {
    idOf,
    columns: withSizes ? [...COLUMNS, 'Size'] : COLUMNS,
    fields: {
      ID: { head: 'CONTAINER ID', of: idOf },
      Image: {
        head: 'IMAGE',
        // An ID stands for a name that means another image by now.
        of: ({ image }) => (isShortened && image.startsWith('sha256:') ? shortId(image) : image),
      },
      Command: { head: 'COMMAND', of: ({ command }) => quoted(isShortened ? shorten(command, 20) : command) },
      CreatedAt: { head: 'CREATED AT', of: ({ createdAt }) => formatLocalTime(createdAt) },
      RunningFor: { head: 'CREATED', of: ({ createdAt }) => formatAgo(createdAt) },
      State: { head: 'STATE', of: ({ state }) => state },
      Status: { head: 'STATUS', of: ({ status }) => status },
      Ports: { head: 'PORTS', of: ({ ports }) => formatPorts(ports) },
      Names: { head: 'NAMES', of: ({ name }) => name },
      Networks: { head: 'NETWORKS', of: ({ networks }) => networks.join(',') },
      Mounts: {
        head: 'MOUNTS',
        of: ({ mounts }) =>
          mounts.map(({ source }) => (isShortened ? shorten(source, 15) : source)).join(','),
      },
      LocalVolumes: {
        head: 'LOCAL VOLUMES',
        of: ({ mounts }) => String(mounts.filter(({ isLocalVolume }) => isLocalVolume).length),
      },
      Size: { head: 'SIZE', of: sizeOf },
      // Docker: of engines that keep images in containerd.
      Platform: { head: 'PLATFORM', of: () => NIL },
      Labels: { head: 'LABELS', of: ({ labels }) => formatLabels(labels) },
      Label: labelField(({ labels }) => labels),
    },
  };
}

function sizeOf({ writableBytes, totalBytes }: ContainerSummary): string {
  const written = formatBytes(Math.max(0, writableBytes));
  return totalBytes > 0 ? `${written} (virtual ${formatBytes(totalBytes)})` : written;
}
