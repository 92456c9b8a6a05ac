/** `naru prune` and `system prune`, and the prunes of one kind: `container prune`, `image prune`, `builder prune`. */

import type { Command } from 'commander';

import { NaruError } from '../../../core/errors.ts';
import { pruneBuildCache, type PruneBuildCacheOptions } from '../../driver/engine/builds.ts';
import { type Pruned, pruneContainers } from '../../driver/engine/containers.ts';
import { pruneImages } from '../../driver/engine/images.ts';
import { pruneNetworks } from '../../driver/engine/networks.ts';
import { pruneVolumes } from '../../driver/engine/volumes.ts';
import { confirm, printReclaimed, printRemoved, printTotal } from '../confirm.ts';
import { withEngine } from '../connect.ts';
import type { CliIo } from '../io.ts';
import { parseFilters } from '../parse/filters.ts';
import { collect, parseBytes } from '../parse/quantity.ts';

interface CacheFlags {
  readonly all?: boolean;
  readonly cacheSize?: string;
  readonly cacheAge?: string;
}

/** Those of docker's CLI and of buildx. */
interface BuilderPruneFlags extends CacheFlags {
  readonly keepStorage?: string;
  readonly maxUsedSpace?: string;
  readonly reservedSpace?: string;
  readonly minFreeSpace?: string;
  readonly filter: readonly string[];
  readonly force?: boolean;
}

interface PruneFlags extends CacheFlags {
  readonly volumes?: boolean;
  readonly buildCache?: boolean;
  readonly force?: boolean;
  readonly filter: readonly string[];
}

export function addPruneCommand(program: Command, io: CliIo): void {
  const command = program
    .command('prune')
    .description('remove stopped containers, unused networks and dangling images')
    .option('-a, --all', 'every image that no container uses')
    .option('--volumes', 'unused anonymous volumes, too')
    .option(
      '--build-cache',
      'build cache that no image has, too; with --all the whole: then the next build runs every step',
    );
  addPruneFlags(addCacheFlags(command)).action((flags: PruneFlags) => prune(command, flags, io));
}

/** Docker: the build cache goes, too (docker 28.5.2). */
export function addSystemPrune(group: Command, io: CliIo): void {
  const command = group
    .command('prune')
    .description(
      'remove stopped containers, unused networks, dangling images and build cache that no image has',
    )
    .option('-a, --all', 'every image that no container uses, and the whole build cache')
    .option('--volumes', 'unused anonymous volumes, too');
  addPruneFlags(command).action((flags: PruneFlags) => prune(command, { ...flags, buildCache: true }, io));
}

/** In the order and the words of docker's CLI. */
async function prune(command: Command, flags: PruneFlags, io: CliIo): Promise<void> {
  const filters = parseFilters(flags.filter);
  const [until] = filters['until'] ?? [];
  const cache = cacheOptionsOf(flags, until === undefined ? {} : { until: [until] });
  // Build cache has no labels, so that nothing of it is meant.
  const takesCache = flags.buildCache === true && filters['label'] === undefined;
  await confirm(io, questionOf(flags), flags.force === true);
  await withEngine(command, io, async (engine) => {
    let reclaimedBytes = 0;
    const tell = (title: string, pruned: Pruned): void => {
      printRemoved(io, title, pruned);
      reclaimedBytes += pruned.reclaimedBytes;
    };
    tell('Deleted Containers', await pruneContainers(engine, filters));
    tell('Deleted Networks', { removed: await pruneNetworks(engine, filters), reclaimedBytes: 0 });
    if (flags.volumes) tell('Deleted Volumes', await pruneVolumes(engine, false));
    tell('Deleted Images', await pruneImages(engine, flags.all === true, filters));
    if (takesCache) tell('Deleted build cache objects', await pruneBuildCache(engine, cache));
    printTotal(io, reclaimedBytes);
  });
}

function questionOf({ all, volumes, buildCache }: PruneFlags): string {
  const what = [
    'all stopped containers',
    'networks that no container uses',
    all === true ? 'images that no container uses' : 'images without a name',
    ...(volumes === true ? ['anonymous volumes that no container uses'] : []),
    ...(buildCache === true ? [all === true ? 'the build cache' : 'build cache that no image has'] : []),
  ];
  return `Remove ${what.slice(0, -1).join(', ')} and ${what.at(-1)}?`;
}

export function addContainerPrune(group: Command, io: CliIo): void {
  const command = group.command('prune').description('remove stopped containers');
  addPruneFlags(command).action(async (flags: PruneFlags) => {
    const filters = parseFilters(flags.filter);
    await confirm(io, 'Remove all stopped containers?', flags.force === true);
    await withEngine(command, io, async (engine) =>
      printReclaimed(io, 'Deleted Containers', await pruneContainers(engine, filters)),
    );
  });
}

export function addImagePrune(group: Command, io: CliIo): void {
  const command = group
    .command('prune')
    .description('remove images without a name that no container uses')
    .option('-a, --all', 'those with a name, too');
  addPruneFlags(command).action(async (flags: PruneFlags) => {
    const filters = parseFilters(flags.filter);
    const what = flags.all === true ? 'all images' : 'all images without a name';
    await confirm(io, `Remove ${what} that no container uses?`, flags.force === true);
    await withEngine(command, io, async (engine) =>
      printReclaimed(io, 'Deleted Images', await pruneImages(engine, flags.all === true, filters)),
    );
  });
}

export function addBuilderPrune(group: Command, io: CliIo): void {
  const command = group
    .command('prune')
    .description('remove build cache that no image has')
    .option('-a, --all', 'the whole: the next build runs every step')
    .option('--keep-storage <size>', 'leave so much, what was used last, such as 5g')
    .option('--max-used-space <size>', 'as --keep-storage; of several the largest counts')
    .option('--reserved-space <size>', 'as --keep-storage')
    .option('--min-free-space <size>', 'refused: not supported yet');
  addPruneFlags(addCacheFlags(command), 'until=24h').action(async (flags: BuilderPruneFlags) => {
    if (flags.minFreeSpace !== undefined) throw noMinFreeSpace();
    const cache = cacheOptionsOf(flags, parseFilters(flags.filter));
    const what = cache.isAll ? 'the build cache' : 'build cache that no image has';
    await confirm(io, `Remove ${what}?`, flags.force === true);
    await withEngine(command, io, async (engine) =>
      printReclaimed(io, 'Deleted build cache objects', await pruneBuildCache(engine, cache)),
    );
  });
}

function addCacheFlags(command: Command): Command {
  return command
    .option('--cache-size <size>', 'of the build cache leave so much, what was used last')
    .option('--cache-age <duration>', 'of the build cache leave what was used since, such as 24h');
}

function noMinFreeSpace(): NaruError {
  const message = '--min-free-space is not supported yet';
  return new NaruError('unimplemented', 'E_MIN_FREE_SPACE', message, {
    hint: 'say with --max-used-space how much the cache may keep',
  });
}

type Filters = Readonly<Record<string, readonly string[]>>;

/** `--cache-age` is one more `until`. */
function cacheOptionsOf(
  flags: CacheFlags & Partial<BuilderPruneFlags>,
  filters: Filters,
): PruneBuildCacheOptions {
  const { all, cacheSize, cacheAge, keepStorage, maxUsedSpace, reservedSpace } = flags;
  const sizes = Object.entries({
    '--cache-size': cacheSize,
    '--keep-storage': keepStorage,
    '--max-used-space': maxUsedSpace,
    '--reserved-space': reservedSpace,
  }).flatMap(([option, size]) => (size === undefined ? [] : parseBytes(option, size)));
  const until = [...(filters['until'] ?? []), ...(cacheAge === undefined ? [] : [cacheAge])];
  return {
    isAll: all === true,
    filters: until.length === 0 ? filters : { ...filters, until },
    ...(sizes.length === 0 ? {} : { keepBytes: Math.max(...sizes) }),
  };
}

function addPruneFlags(command: Command, filters = 'until=24h or label=a=b'): Command {
  return command
    .option('--filter <name=value>', `only those, such as ${filters}`, collect, [])
    .option('-f, --force', 'do not ask');
}
