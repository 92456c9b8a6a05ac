/** `naru inspect` and `naru port`: what the engine knows of a container, image, network or volume. */

import type { Command } from 'commander';

import { isErrorKind, NaruError } from '../../../core/errors.ts';
import type { EngineConnection } from '../../driver/engine/connection.ts';
import { inspectContainer, listContainers } from '../../driver/engine/containers.ts';
import { inspectImage } from '../../driver/engine/images.ts';
import { inspectNetwork } from '../../driver/engine/networks.ts';
import { inspectVolume } from '../../driver/engine/volumes.ts';
import { withEngine } from '../connect.ts';
import type { CliIo } from '../io.ts';

export function addInspectCommands(program: Command, io: CliIo): void {
  program
    .command('inspect')
    .description('show everything about containers, images, networks or volumes, as JSON')
    .argument('<names...>')
    .action((names: string[], _flags: object, command: Command) =>
      withEngine(command, io, async (engine) => {
        const found = await Promise.all(names.map((name) => inspectAny(engine, name)));
        io.stdout.write(`${JSON.stringify(found, undefined, 2)}\n`);
      }),
    );
  program
    .command('port')
    .description('show where the ports of a container are published')
    .argument('<container>')
    .argument('[port]', 'container port, with /udp for UDP')
    .action((name: string, wanted: string | undefined, _flags: object, command: Command) =>
      withEngine(command, io, (engine) => printPorts(engine, name, wanted, io)),
    );
}

/** In docker's order: container, image, network, volume. */
async function inspectAny(engine: EngineConnection, name: string): Promise<unknown> {
  const attempts = [
    async () => (await inspectContainer(engine, name)).raw,
    () => inspectImage(engine, name),
    () => inspectNetwork(engine, name),
    () => inspectVolume(engine, name),
  ];
  for (const attempt of attempts) {
    try {
      return await attempt();
    } catch (error) {
      if (!isErrorKind(error, 'not-found')) throw error;
    }
  }
  throw new NaruError('not-found', 'E_NO_OBJECT', `no container, image, network or volume is called ${name}`);
}

async function printPorts(
  engine: EngineConnection,
  name: string,
  wanted: string | undefined,
  io: CliIo,
): Promise<void> {
  const { id } = await inspectContainer(engine, name);
  const summary = (await listContainers(engine, { isAll: true })).find((container) => container.id === id);
  const [number, protocol = 'tcp'] = (wanted ?? '').split('/');
  const published = (summary?.ports ?? []).filter(
    (port) =>
      port.hostPort > 0 &&
      (wanted === undefined || (String(port.containerPort) === number && port.protocol === protocol)),
  );
  if (published.length === 0 && wanted !== undefined) {
    throw new NaruError('not-found', 'E_NO_PORT', `port ${wanted} of ${name} is not published`);
  }
  for (const port of published) {
    const address = `${port.hostIp.includes(':') ? `[${port.hostIp}]` : port.hostIp}:${port.hostPort}`;
    io.stdout.write(
      wanted === undefined ? `${port.containerPort}/${port.protocol} -> ${address}\n` : `${address}\n`,
    );
  }
}
