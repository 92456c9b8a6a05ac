/** `naru ps`: containers, in docker's columns. */

import type { Command } from 'commander';

import type { ContainerSummary, PublishedPort } from '../../driver/engine/container-model.ts';
import { listContainers } from '../../driver/engine/containers.ts';
import { withEngine } from '../connect.ts';
import type { CliIo } from '../io.ts';
import { formatTable } from '../table.ts';
import { formatAge } from '../units.ts';

interface PsFlags {
  readonly all?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

export function addPsCommand(program: Command, io: CliIo): void {
  program
    .command('ps')
    .description('list containers')
    .option('-a, --all', 'stopped ones, too')
    .option('-q, --quiet', 'only ids')
    .option('--json', 'one JSON array')
    .action(async (flags: PsFlags, command: Command) => {
      const containers = await withEngine(command, io, (engine) =>
        listContainers(engine, { isAll: flags.all === true }),
      );
      if (flags.json) io.stdout.write(`${JSON.stringify(containers)}\n`);
      else if (flags.quiet) io.stdout.write(containers.map(({ id }) => `${id.slice(0, 12)}\n`).join(''));
      else io.stdout.write(formatTable(HEAD, containers.map(row)));
    });
}

const HEAD = ['CONTAINER ID', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NAMES'];

function row(container: ContainerSummary): readonly string[] {
  const command = container.command.length > 20 ? `${container.command.slice(0, 19)}…` : container.command;
  return [
    container.id.slice(0, 12),
    container.image,
    JSON.stringify(command),
    `${formatAge((Date.now() - container.createdAt.getTime()) / 1000)} ago`,
    container.status,
    [...new Set(container.ports.map(formatPort))].join(', '),
    container.name,
  ];
}

/** `0.0.0.0:8080->80/tcp`, or `80/tcp` when it is not published. */
export function formatPort(port: PublishedPort): string {
  const inside = `${port.containerPort}/${port.protocol}`;
  if (port.hostPort === 0) return inside;
  const address = port.hostIp.includes(':') ? `[${port.hostIp}]` : port.hostIp;
  return `${address}:${port.hostPort}->${inside}`;
}
