/** `naru port`: where the ports of a container are published. */

import type { Command } from 'commander';

import { NaruError } from '../../../core/errors.ts';
import type { EngineConnection } from '../../driver/engine/connection.ts';
import { inspectContainer, listContainers } from '../../driver/engine/containers.ts';
import { withEngine } from '../connect.ts';
import type { CliIo } from '../io.ts';
import { comparePorts, formatAddress } from '../ports.ts';

export function addPortCommand(program: Command, io: CliIo): void {
  const command = program
    .command('port')
    .description('show where the ports of a container are published')
    .argument('<container>')
    .argument('[port]', 'container port, with /udp for UDP')
    .action((name: string, wanted: string | undefined) =>
      withEngine(command, io, (engine) => printPorts(engine, name, wanted, io)),
    );
}

async function printPorts(
  engine: EngineConnection,
  name: string,
  wanted: string | undefined,
  io: CliIo,
): Promise<void> {
  const { id } = await inspectContainer(engine, name);
  const [summary] = await listContainers(engine, { isAll: true, filters: { id: [id] } });
  const [number, protocol = 'tcp'] = (wanted ?? '').split('/');
  const published = (summary?.ports ?? []).filter(
    (port) =>
      port.hostPort > 0 &&
      (wanted === undefined || (String(port.containerPort) === number && port.protocol === protocol)),
  );
  if (published.length === 0 && wanted !== undefined) {
    throw new NaruError('not-found', 'E_NO_PORT', `port ${number}/${protocol} of ${name} is not published`);
  }
  for (const port of published.toSorted(comparePorts)) {
    const address = formatAddress(port);
    io.stdout.write(
      wanted === undefined ? `${port.containerPort}/${port.protocol} -> ${address}\n` : `${address}\n`,
    );
  }
}
