/** Flags of `docker build` and buildx that change nothing here, or that `naru build` cannot do: scripts hold them. None is shown in the help. */

import { type Command, Option } from 'commander';

import { NaruError } from '../../../core/errors.ts';
import type { CliIo } from '../io.ts';

/** What happens anyway. */
const USUAL = ['--rm', '--force-rm', '--compress'].map((flag) => new Option(flag));

/** Docker: with BuildKit they are taken and mean nothing (buildx 0.24 beside dockerd 28.5.2). */
const WITHOUT_EFFECT: readonly Option[] = [
  new Option('-m, --memory <size>'),
  new Option('--memory-swap <size>'),
  new Option('-c, --cpu-shares <number>'),
  new Option('--cpu-period <number>'),
  new Option('--cpu-quota <number>'),
  new Option('--cpuset-cpus <list>'),
  new Option('--cpuset-mems <list>'),
  new Option('--isolation <kind>'),
  new Option('--security-opt <option>'),
  new Option('--squash'),
];

interface Refused {
  readonly option: Option;
  /** A value that asks for nothing. */
  readonly harmless?: RegExp;
  readonly refusal: () => NaruError;
}

const REFUSED: readonly Refused[] = [
  {
    option: new Option('--check'),
    refusal: () => missing('--check', 'naru lint --rules buildkit gives the same findings'),
  },
  {
    option: new Option('--call <method>'),
    harmless: /^build$/,
    refusal: () => missing('--call', 'naru lint --rules buildkit gives the findings of --call check'),
  },
  ...['--provenance <value>', '--sbom <value>', '--attest <value>'].map((flag) => ({
    option: new Option(flag),
    harmless: /^false$|\bdisabled=true\b/,
    refusal: () => missing('an attestation', 'build without, or with --provenance=false --sbom=false'),
  })),
  {
    option: new Option('--annotation <name=value>'),
    refusal: () => missing('--annotation', '--label writes into the image what inspect shows'),
  },
  {
    option: new Option('--builder <name>'),
    harmless: /^default$/,
    refusal: () => missing('--builder', 'an engine has one builder; name another engine with --host'),
  },
];

export function addDockerFlags(command: Command): Command {
  for (const option of [...USUAL, ...WITHOUT_EFFECT, ...REFUSED.map((refused) => refused.option)])
    command.addOption(option.hideHelp());
  return command;
}

/** Warns of what has no effect. @throws NaruError "unimplemented" */
export function checkDockerFlags(command: Command, io: CliIo): void {
  const given: Readonly<Record<string, unknown>> = command.opts();
  for (const { option, harmless, refusal } of REFUSED) {
    const value = given[option.attributeName()];
    const isHarmless = typeof value === 'string' && harmless?.test(value) === true;
    if (value !== undefined && !isHarmless) throw refusal();
  }
  for (const option of WITHOUT_EFFECT) {
    if (given[option.attributeName()] === undefined) continue;
    io.stderr.write(`naru: warning: ${option.long ?? ''} has no effect on a build, as with buildx\n`);
  }
}

function missing(what: string, hint: string): NaruError {
  return new NaruError('unimplemented', 'E_BUILD_FLAG', `${what} is not supported yet`, { hint });
}

/** Flags of `build` that say what is to be made of the result: a command line of `build` is one of `preview` with the verb changed. */
export function addOutputFlagsWithoutEffect(command: Command): Command {
  for (const flags of OUTPUT) command.addOption(new Option(flags).hideHelp());
  return command;
}

const OUTPUT: readonly string[] = [
  '-t, --tag <name>',
  '-q, --quiet',
  '--iidfile <file>',
  '--metadata-file <file>',
  '-o, --output <where>',
  '--load',
  '--push',
  '--pull',
  '--progress <kind>',
  '--cache-to <where>',
];
