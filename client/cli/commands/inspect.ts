/**
 * `naru inspect`: all that the engine knows of containers, images, networks and volumes, as JSON or by a template.
 * What is found is printed even when another name is missing; each missing one is a sentence on stderr, and the exit code is 1.
 */

import { type Command, Option } from 'commander';

import { isErrorKind, NaruError } from '../../../core/errors.ts';
import type { EngineConnection } from '../../driver/engine/connection.ts';
import { inspectContainer } from '../../driver/engine/containers.ts';
import { inspectImage } from '../../driver/engine/images.ts';
import { inspectNetwork } from '../../driver/engine/networks.ts';
import { inspectVolume } from '../../driver/engine/volumes.ts';
import { withEngine } from '../connect.ts';
import { tellFailures, tryInTurn } from '../each.ts';
import type { CliIo } from '../io.ts';
import { compileTemplate, type Template } from '../template/template.ts';
import { toJson } from '../template/value.ts';

interface InspectFlags {
  readonly format?: string;
  readonly size?: boolean;
  readonly type?: ObjectType;
}

type Inspect = (engine: EngineConnection, name: string, withSizes: boolean) => Promise<unknown>;

/** In the order in which a name is looked for. */
const INSPECTS = {
  container: async (engine, name, withSizes) => (await inspectContainer(engine, name, { withSizes })).raw,
  image: inspectImage,
  network: inspectNetwork,
  volume: inspectVolume,
} as const satisfies Readonly<Record<string, Inspect>>;

export type ObjectType = keyof typeof INSPECTS;

const TYPES = Object.keys(INSPECTS) as readonly ObjectType[]; // the keys of the object above are all there is

export function addInspectCommand(program: Command, io: CliIo): void {
  const command = program
    .command('inspect')
    .description('show everything about containers, images, networks or volumes, as JSON')
    .argument('<names...>')
    .addOption(new Option('--type <type>', 'only objects of this type').choices(TYPES));
  addInspectFlags(command)
    .option('-s, --size', 'with the sizes of containers')
    .action((names: string[], flags: InspectFlags) => inspectAll(command, io, names, flags));
}

/** `inspect` of one type, as in `naru volume inspect`. */
export function addInspectOf(group: Command, io: CliIo, type: ObjectType): void {
  const command = group
    .command('inspect')
    .description(`show everything about ${type}s, as JSON`)
    .argument('<names...>');
  if (type === 'container') command.option('-s, --size', 'with their sizes');
  // Docker: more of networks in a swarm, of which there is none.
  if (type === 'network') command.addOption(new Option('-v, --verbose').hideHelp());
  addInspectFlags(command).action((names: string[], flags: InspectFlags) =>
    inspectAll(command, io, names, { ...flags, type }),
  );
}

function addInspectFlags(command: Command): Command {
  return command.option('-f, --format <template>', "json, or a template such as '{{.Id}}'");
}

function inspectAll(
  command: Command,
  io: CliIo,
  names: readonly string[],
  flags: InspectFlags,
): Promise<void> {
  const template = templateOf(flags.format);
  const types = flags.type === undefined ? TYPES : [flags.type];
  return withEngine(command, io, async (engine) => {
    const found: unknown[] = [];
    const failures = await tryInTurn(names, async (name) => {
      found.push(await inspectOne(engine, name, types, flags.size === true));
    });
    if (template === undefined) io.stdout.write(`${JSON.stringify(found, undefined, 4)}\n`);
    else for (const object of found) io.stdout.write(`${template(object)}\n`);
    tellFailures(failures, io, 1);
  });
}

/** Undefined: one list of everything. @throws NaruError "invalid-argument" */
function templateOf(format: string | undefined): Template | undefined {
  if (format === undefined || format === '') return undefined;
  return format === 'json' ? toJson : compileTemplate(format);
}

async function inspectOne(
  engine: EngineConnection,
  name: string,
  types: readonly ObjectType[],
  withSizes: boolean,
): Promise<unknown> {
  for (const type of types) {
    try {
      return await INSPECTS[type](engine, name, withSizes);
    } catch (error) {
      // What cannot be a name of this type may be one of the next.
      const isOther = isErrorKind(error, 'not-found') || isErrorKind(error, 'invalid-argument');
      if (!isOther || types.length === 1) throw error;
    }
  }
  throw new NaruError('not-found', 'E_NO_OBJECT', `no container, image, network or volume is called ${name}`);
}
