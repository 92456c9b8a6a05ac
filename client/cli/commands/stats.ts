/** `naru stats`: CPU, memory and traffic of containers, every second until Ctrl-C, or once. */

import { setTimeout as delay } from 'node:timers/promises';

import type { Command } from 'commander';

import { isErrorKind, NaruError } from '../../../core/errors.ts';
import type { EngineConnection } from '../../driver/engine/connection.ts';
import { listContainers } from '../../driver/engine/containers.ts';
import { containerStats, type ContainerStats, cpuPercent } from '../../driver/engine/stats.ts';
import { withEngine } from '../connect.ts';
import type { CliIo } from '../io.ts';
import { addFormatFlag, formatListing, type Listing } from '../listing.ts';
import { formatBinaryBytes, formatBytes, shortId } from '../units.ts';

interface StatsFlags {
  readonly all?: boolean;
  readonly stream: boolean;
  readonly trunc: boolean;
  readonly format?: string;
}

const INTERVAL_MS = 1000;

export function addStatsCommand(program: Command, io: CliIo): void {
  const command = program
    .command('stats')
    .description('show what containers use, until Ctrl-C')
    .argument('[containers...]', 'default: all that run')
    .option('-a, --all', 'stopped ones, too')
    .option('--no-stream', 'once')
    .option('--no-trunc', 'whole ids');
  addFormatFlag(command).action((names: string[], flags: StatsFlags) =>
    withEngine(command, io, (engine) => showStats(engine, names, flags, io)),
  );
}

async function showStats(
  engine: EngineConnection,
  names: readonly string[],
  flags: StatsFlags,
  io: CliIo,
): Promise<void> {
  const listing = statsListing(flags.trunc);
  const isLive = flags.stream && io.stdout.isTTY === true;
  let earlier = await look(engine, names, flags.all === true, true);
  if (isLive) io.stdout.write(CLEAR);
  for (;;) {
    await delay(INTERVAL_MS, undefined, { signal: io.signal }).catch((cause: unknown) => {
      throw new NaruError('cancelled', 'E_CANCELLED', 'looking was cancelled', { cause });
    });
    const later = await look(engine, names, flags.all === true, false);
    const rows = later.map(({ asked, stats }) => {
      const before = earlier.find((one) => one.stats.id === stats.id);
      return { asked, stats, cpu: before === undefined ? 0 : cpuPercent(before.stats, stats) };
    });
    const text = formatListing(listing, rows, flags);
    io.stdout.write(isLive ? `${HOME}${text.replaceAll('\n', `${CLEAR_LINE}\n`)}${CLEAR_BELOW}` : text);
    if (!flags.stream) return;
    earlier = later;
  }
}

const HOME = '\u001B[H';
const CLEAR = `${HOME}\u001B[2J`;
const CLEAR_LINE = '\u001B[K';
const CLEAR_BELOW = '\u001B[J';

interface Seen {
  /** As the user named it. */
  readonly asked: string;
  readonly stats: ContainerStats;
}

/** A name that is not there is an error at first; later on, its container has gone. */
async function look(
  engine: EngineConnection,
  names: readonly string[],
  isAll: boolean,
  isFirst: boolean,
): Promise<readonly Seen[]> {
  const wanted = names.length > 0 ? names : (await listContainers(engine, { isAll })).map(({ id }) => id);
  const seen = await Promise.all(
    wanted.map(async (asked) => {
      try {
        return { asked, stats: await containerStats(engine, asked) };
      } catch (error) {
        if (!isErrorKind(error, 'not-found') || (isFirst && names.length > 0)) throw error;
        return undefined;
      }
    }),
  );
  return seen.filter((one) => one !== undefined);
}

interface StatsRow extends Seen {
  readonly cpu: number;
}

function statsListing(isShortened: boolean): Listing<StatsRow> {
  const idOf = ({ stats }: StatsRow): string => (isShortened ? shortId(stats.id) : stats.id);
  return {
    idOf,
    columns: ['ID', 'Name', 'CPUPerc', 'MemUsage', 'MemPerc', 'NetIO', 'BlockIO', 'PIDs'],
    fields: {
      Container: {
        head: 'CONTAINER',
        of: ({ asked, stats }) => (asked === stats.id && isShortened ? shortId(asked) : asked),
      },
      ID: { head: 'CONTAINER ID', of: idOf },
      Name: { head: 'NAME', of: ({ stats }) => stats.name },
      CPUPerc: { head: 'CPU %', of: ({ cpu }) => `${cpu.toFixed(2)}%` },
      MemUsage: {
        head: 'MEM USAGE / LIMIT',
        of: ({ stats: { memory } }) =>
          `${formatBinaryBytes(memory.usedBytes)} / ${formatBinaryBytes(memory.limitBytes)}`,
      },
      MemPerc: {
        head: 'MEM %',
        of: ({ stats: { memory } }) =>
          `${(memory.limitBytes === 0 ? 0 : (100 * memory.usedBytes) / memory.limitBytes).toFixed(2)}%`,
      },
      NetIO: {
        head: 'NET I/O',
        of: ({ stats: { network } }) =>
          `${formatBytes(network.receivedBytes)} / ${formatBytes(network.sentBytes)}`,
      },
      BlockIO: {
        head: 'BLOCK I/O',
        of: ({ stats: { blocks } }) =>
          `${formatBytes(blocks.readBytes)} / ${formatBytes(blocks.writtenBytes)}`,
      },
      PIDs: { head: 'PIDS', of: ({ stats }) => String(stats.nProcesses) },
    },
  };
}
