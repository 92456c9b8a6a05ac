/** `naru info`, `version`, `df` and `prune`: the engine as a whole. */

import { createInterface } from 'node:readline/promises';

import type { Command } from 'commander';

import { NaruError } from '../../../core/errors.ts';
import { NARU_VERSION } from '../../../core/version.ts';
import { pruneBuildCache } from '../../driver/engine/builds.ts';
import { pruneContainers } from '../../driver/engine/containers.ts';
import { pruneImages } from '../../driver/engine/images.ts';
import { pruneNetworks } from '../../driver/engine/networks.ts';
import { diskUsage, type DiskUsageOf, type EngineInfo, engineInfo } from '../../driver/engine/system.ts';
import { pruneVolumes } from '../../driver/engine/volumes.ts';
import { withEngine } from '../connect.ts';
import { ExitWith } from '../exit.ts';
import type { CliIo } from '../io.ts';
import { parseBytes } from '../parse/quantity.ts';
import { formatTable } from '../table.ts';
import { formatBytes } from '../units.ts';

export function addSystemCommands(program: Command, io: CliIo): void {
  program
    .command('info')
    .description('show what the engine is and holds')
    .action((_flags: object, command: Command) =>
      withEngine(command, io, async (engine) => {
        io.stdout.write(formatTable(['WHAT', 'VALUE'], infoRows(await engineInfo(engine))));
      }),
    );
  program
    .command('version')
    .description('show the versions of client and engine')
    .action((_flags: object, command: Command) =>
      withEngine(command, io, async (engine) => {
        io.stdout.write(
          `client ${NARU_VERSION}\nengine ${engine.engineVersion} (${engine.kind}, API ${engine.apiVersion}, ${engine.arch})\n`,
        );
      }),
    );
  program
    .command('df')
    .description('show what takes space')
    .action((_flags: object, command: Command) =>
      withEngine(command, io, async (engine) => {
        const { images, containers, volumes, buildCache } = await diskUsage(engine);
        const row = (what: string, { n, bytes, reclaimableBytes }: DiskUsageOf): readonly string[] => [
          what,
          String(n),
          formatBytes(bytes),
          formatBytes(reclaimableBytes),
        ];
        const rows = [
          row('images', images),
          row('containers', containers),
          row('volumes', volumes),
          row('build cache', buildCache),
        ];
        io.stdout.write(formatTable(['WHAT', 'COUNT', 'SIZE', 'RECLAIMABLE'], rows));
      }),
    );
  addPrune(program, io);
}

function infoRows(info: EngineInfo): readonly (readonly string[])[] {
  return [
    ['client', NARU_VERSION],
    ['engine', info.serverVersion],
    ['host', info.name],
    ['operating system', info.operatingSystem],
    ['kernel', info.kernelVersion],
    ['architecture', info.arch],
    ['CPUs', String(info.nCpus)],
    ['memory', formatBytes(info.memoryBytes)],
    ['containers', `${info.nContainers}, ${info.nRunning} running`],
    ['images', String(info.nImages)],
    ['root directory', info.rootDirectory],
    ...info.warnings.map((warning) => ['warning', warning]),
  ];
}

interface PruneFlags {
  readonly all?: boolean;
  readonly volumes?: boolean;
  readonly buildCache?: boolean;
  readonly cacheSize?: string;
  readonly cacheAge?: string;
  readonly force?: boolean;
}

function addPrune(program: Command, io: CliIo): void {
  program
    .command('prune')
    .description('remove stopped containers, unused networks and dangling images')
    .option('-a, --all', 'every image that no container uses')
    .option('--volumes', 'unused anonymous volumes, too')
    .option(
      '--build-cache',
      'build cache that no image has, too; with --all the whole: then the next build runs every step',
    )
    .option('--cache-size <size>', 'of the build cache leave so much, what was used last')
    .option('--cache-age <duration>', 'of the build cache leave what was used since, such as 24h')
    .option('-f, --force', 'do not ask')
    .action(async (flags: PruneFlags, command: Command) => {
      const cache = {
        isAll: flags.all === true,
        ...(flags.cacheSize === undefined ? {} : { keepBytes: parseBytes('--cache-size', flags.cacheSize) }),
        ...(flags.cacheAge === undefined ? {} : { unusedFor: flags.cacheAge }),
      };
      await confirm(io, flags.force === true);
      await withEngine(command, io, async (engine) => {
        const done = [
          ['containers', await pruneContainers(engine)] as const,
          ['networks', { removed: await pruneNetworks(engine), reclaimedBytes: 0 }] as const,
          ['images', await pruneImages(engine, flags.all === true)] as const,
          ...(flags.volumes ? [['volumes', await pruneVolumes(engine, false)] as const] : []),
          ...(flags.buildCache ? [['build cache', await pruneBuildCache(engine, cache)] as const] : []),
        ];
        const rows = done.map(([what, { removed, reclaimedBytes }]) => [
          what,
          String(removed.length),
          formatBytes(reclaimedBytes),
        ]);
        io.stdout.write(formatTable(['REMOVED', 'COUNT', 'RECLAIMED'], rows));
      });
    });
}

/** @throws ExitWith 1 unless somebody says yes */
async function confirm(io: CliIo, isForced: boolean): Promise<void> {
  if (isForced) return;
  if (!io.stdin.isTTY) {
    throw new NaruError('invalid-argument', 'E_CONFIRM', 'nobody can be asked whether to remove', {
      hint: 'say --force',
    });
  }
  const reader = createInterface({ input: io.stdin, output: io.stderr });
  const answer = await reader.question('Remove what is unused? (y/N) ');
  reader.close();
  if (/^y(es)?$/i.test(answer)) return;
  io.stderr.write('nothing was removed\n');
  throw new ExitWith(1);
}
