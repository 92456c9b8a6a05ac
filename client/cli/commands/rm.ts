/** `naru rm`: removes containers, all of them with --all. */

import type { Command } from 'commander';

import { listContainers, removeContainer } from '../../driver/engine/containers.ts';
import { isErrorKind, NaruError } from '../../../core/errors.ts';
import { withEngine } from '../connect.ts';
import { forEachName } from '../each.ts';
import type { CliIo } from '../io.ts';
import { tellError } from '../tell-error.ts';

interface RmFlags {
  readonly force?: boolean;
  readonly volumes?: boolean;
  readonly all?: boolean;
}

export function addRmCommand(program: Command, io: CliIo): void {
  program
    .command('rm')
    .description('remove containers')
    .argument('[containers...]')
    .option('-f, --force', 'running ones, too')
    .option('-v, --volumes', 'with their anonymous volumes')
    .option('--all', 'every container of the engine')
    .action((names: string[], flags: RmFlags, command: Command) => {
      if ((names.length === 0) !== (flags.all === true)) {
        throw new NaruError('invalid-argument', 'E_RM', 'name the containers to remove, or say --all');
      }
      return withEngine(command, io, async (engine) => {
        const found = flags.all
          ? (await listContainers(engine, { isAll: true })).map(({ name }) => name)
          : names;
        const options = { isForced: flags.force === true, withVolumes: flags.volumes === true };
        await forEachName(found, io, (name) =>
          removeContainer(engine, name, options).catch((error: unknown) => {
            // Docker: with --force it is enough that it is not there.
            if (!options.isForced || !isErrorKind(error, 'not-found')) throw error;
            tellError(error, io);
            return '';
          }),
        );
      });
    });
}
