/** `naru update`: other limits and another restart policy for containers that are there. */

import type { Command } from 'commander';

import { NaruError } from '../../../core/errors.ts';
import { updateContainer } from '../../driver/engine/containers.ts';
import { withEngine } from '../connect.ts';
import { forEachName } from '../each.ts';
import type { CliIo } from '../io.ts';
import { parseBytes, parseNumber } from '../parse/quantity.ts';
import { parseRestart } from '../parse/restart.ts';

interface UpdateFlags {
  readonly memory?: string;
  readonly memorySwap?: string;
  readonly memoryReservation?: string;
  readonly cpus?: string;
  readonly cpuShares?: string;
  readonly cpuPeriod?: string;
  readonly cpuQuota?: string;
  readonly cpusetCpus?: string;
  readonly cpusetMems?: string;
  readonly blkioWeight?: string;
  readonly pidsLimit?: string;
  readonly restart?: string;
}

export function addUpdateCommand(program: Command, io: CliIo): void {
  const command = program
    .command('update')
    .description('change limits and restart policy of containers')
    .argument('<containers...>')
    .option('-m, --memory <size>', 'memory limit, such as 256m')
    .option('--memory-swap <size>', 'memory and swap together; -1: no limit')
    .option('--memory-reservation <size>', 'memory it may keep when memory is short')
    .option('--cpus <number>', 'CPU limit, such as 1.5')
    .option('-c, --cpu-shares <number>', 'weight beside other containers')
    .option('--cpu-period <microseconds>', 'period of the CPU quota')
    .option('--cpu-quota <microseconds>', 'CPU time in each period')
    .option('--cpuset-cpus <list>', 'CPUs it may use, such as 0-3')
    .option('--cpuset-mems <list>', 'memory nodes it may use')
    .option('--blkio-weight <number>', 'weight of its disk traffic, 10 to 1000')
    .option('--pids-limit <number>', 'process limit; -1: none')
    .option('--restart <policy>', 'no, always, unless-stopped or on-failure[:times]')
    .action((names: string[], flags: UpdateFlags) => {
      const changes = changesOf(flags);
      if (Object.keys(changes).length === 0) {
        throw new NaruError('invalid-argument', 'E_UPDATE', 'there is nothing to change', {
          hint: 'say what, such as --memory 256m or --restart always',
        });
      }
      return withEngine(command, io, (engine) =>
        forEachName(names, io, async (name) => {
          const warnings = await updateContainer(engine, name, changes);
          for (const warning of warnings) io.stderr.write(`naru: warning: ${warning}\n`);
        }),
      );
    });
}

function changesOf(flags: UpdateFlags): Parameters<typeof updateContainer>[2] {
  const { memory, memorySwap, memoryReservation, cpus, cpuShares, pidsLimit, restart } = flags;
  const { cpuPeriod, cpuQuota, cpusetCpus, cpusetMems, blkioWeight } = flags;
  return {
    ...(memory === undefined ? {} : { memoryBytes: parseBytes('--memory', memory) }),
    ...(memorySwap === undefined
      ? {}
      : { memorySwapBytes: memorySwap === '-1' ? -1 : parseBytes('--memory-swap', memorySwap) }),
    ...(memoryReservation === undefined
      ? {}
      : { memoryReservationBytes: parseBytes('--memory-reservation', memoryReservation) }),
    ...(cpus === undefined ? {} : { cpus: parseNumber('--cpus', cpus) }),
    ...(cpuShares === undefined ? {} : { cpuShares: parseNumber('--cpu-shares', cpuShares) }),
    ...(cpuPeriod === undefined ? {} : { cpuPeriodUs: parseNumber('--cpu-period', cpuPeriod) }),
    ...(cpuQuota === undefined ? {} : { cpuQuotaUs: parseNumber('--cpu-quota', cpuQuota) }),
    ...(cpusetCpus === undefined ? {} : { cpusetCpus }),
    ...(cpusetMems === undefined ? {} : { cpusetMems }),
    ...(blkioWeight === undefined ? {} : { blkioWeight: parseNumber('--blkio-weight', blkioWeight) }),
    ...(pidsLimit === undefined ? {} : { pidsLimit: parseNumber('--pids-limit', pidsLimit) }),
    ...(restart === undefined ? {} : { restart: parseRestart(restart) }),
  };
}
