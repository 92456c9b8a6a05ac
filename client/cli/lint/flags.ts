/** The flags of `naru lint`, named as hadolint names its own, as a configuration. */

import { type Command, InvalidArgumentError, Option } from 'commander';

import { NaruError } from '../../../core/errors.ts';
import { labelPair, labelSchema, type LintConfig } from '../../../core/lint/config.ts';
import { FORMAT_NAMES, type FormatName } from '../../../core/lint/formats/names.ts';
import type { WantedFixes } from '../../../core/lint/repair.ts';
import type { Severity } from '../../../core/lint/severity.ts';
import type { RuleSet } from '../../../core/lint/run.ts';
import { NARU_VERSION } from '../../../core/version.ts';

export interface LintFlags {
  readonly rules: RuleSet;
  readonly config?: string;
  readonly format: readonly FormatName[];
  readonly output: readonly string[];
  /** `ignore` is hadolint's other word for `none`. */
  readonly failureThreshold?: Severity | 'ignore' | 'none';
  readonly fail: boolean;
  readonly shellcheck: boolean;
  readonly color: boolean;
  readonly verbose?: true;
  readonly fix?: true;
  readonly fixAll?: true;
  readonly ignore: readonly string[];
  readonly error: readonly string[];
  readonly warning: readonly string[];
  readonly info: readonly string[];
  readonly style: readonly string[];
  readonly trustedRegistry: readonly string[];
  readonly requireLabel: readonly string[];
  readonly strictLabels?: true;
  readonly disableIgnorePragma?: true;
  readonly filePathInReport?: string;
}

export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info', 'style'];
const RULE_SETS: readonly RuleSet[] = ['naru', 'hadolint', 'buildkit', 'all'];

export function addLintFlags(command: Command): Command {
  const list = (flag: string, text: string): Option => new Option(flag, text).argParser(collect).default([]);
  return command
    .version(NARU_VERSION, '-v, --version')
    .addOption(new Option('--rules <set>', 'whose rules').choices(RULE_SETS).default('naru'))
    .option('-c, --config <file>', 'configuration, instead of the .hadolint.yaml that is found')
    .addOption(
      new Option('-f, --format <format>', 'output format (default: tty); may be repeated')
        .choices(FORMAT_NAMES)
        .argParser(collectFormat)
        .default([]),
    )
    .addOption(
      new Option('-o, --output <file>', 'where the report goes, in the format at the same place; - is stdout')
        .argParser((value: string, previous: readonly string[]) => [...previous, value])
        .default([]),
    )
    .addOption(
      new Option(
        '-t, --failure-threshold <severity>',
        'exit with 1 only from this severity on (default: style; info for the rules of hadolint)',
      ).choices([...SEVERITIES, 'ignore', 'none']),
    )
    .option('--no-fail', 'exit with 0 even with findings')
    .option('--no-color', 'no colours')
    .option('-V, --verbose', 'say on stderr which configuration counts and which files are read')
    .option(
      '--fix',
      'repair what can be repaired, then report the rest; with - the repaired text is printed, the rest told on stderr',
    )
    .option(
      '--fix-all',
      'as --fix, with repairs that may not be what was meant: look at them before you build',
    )
    .addOption(list('--ignore <rule>', 'leave a rule out; may be repeated'))
    .addOption(list('--error <rule>', 'give a rule this severity; may be repeated, as the next three'))
    .addOption(list('--warning <rule>', 'as --error'))
    .addOption(list('--info <rule>', 'as --error'))
    .addOption(list('--style <rule>', 'as --error'))
    .addOption(list('--trusted-registry <name>', 'a registry that images may come from; may be repeated'))
    .addOption(list('--require-label <name:type>', 'a label that images must have; may be repeated'))
    .option('--strict-labels', 'no labels but the required ones')
    .option('--no-shellcheck', 'do not ask the shellcheck of this machine about RUN')
    .option('--disable-ignore-pragma', 'comments in the file silence nothing')
    .option('--file-path-in-report <path>', 'the name of the file in the report, for stdin');
}

/** Undefined: nothing is repaired. */
export function wantedFixes({ fix, fixAll }: LintFlags): WantedFixes | undefined {
  if (fixAll === true) return 'all';
  return fix === true ? 'sure' : undefined;
}

export function configOfFlags(flags: LintFlags): LintConfig {
  const { error, failureThreshold, format: formats, info, style, warning } = flags;
  return {
    ignored: flags.ignore,
    overrides: { error, warning, info, style },
    trustedRegistries: flags.trustedRegistry,
    labelSchema: labelSchema(flags.requireLabel.map(labelPair), (message) => {
      throw new NaruError('invalid-argument', 'E_USAGE', `--require-label: ${message}`);
    }),
    faults: [],
    ...(flags.strictLabels ? { strictLabels: true } : {}),
    ...(flags.disableIgnorePragma ? { ignoresPragmas: true } : {}),
    ...(failureThreshold === undefined
      ? {}
      : { failureThreshold: failureThreshold === 'ignore' ? 'none' : failureThreshold }),
    ...(formats.length === 0 ? {} : { formats }),
    ...(flags.fail ? {} : { noFail: true }),
    ...(flags.color ? {} : { noColor: true }),
    ...(flags.verbose ? { isVerbose: true } : {}),
  };
}

function collectFormat(value: string, previous: readonly FormatName[]): readonly FormatName[] {
  const known = FORMAT_NAMES.find((name) => name === value);
  if (known === undefined) throw new InvalidArgumentError(`Allowed choices are ${FORMAT_NAMES.join(', ')}.`);
  return [...previous, known];
}

/** Several ids may be written with commas. */
function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, ...value.split(',')];
}
