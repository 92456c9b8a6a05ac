/**
 * `naru lint`: findings for files, folders or stdin, in any of the formats of core/lint/formats.
 * Exit code 0 without findings at or above the threshold, 1 with some, 2 when an input or the configuration can't be used.
 */

import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import type { Command } from 'commander';

import {
  type LintConfig,
  lintConfigFromEnvironment,
  lintOptionsOf,
  mergeLintConfigs,
} from '../../../core/lint/config.ts';
import { FORMATS } from '../../../core/lint/formats/index.ts';
import type { Reported } from '../../../core/lint/formats/reported.ts';
import { formatColoured } from '../../../core/lint/formats/tty.ts';
import type { Severity } from '../../../core/lint/rule.ts';
import type { ShellcheckQuestion } from '../../../core/lint/shellcheck/scripts.ts';
import {
  firstFile,
  folderConfigPaths,
  readLintConfigFile,
  userConfigPaths,
} from '../../../local/lint-config-file.ts';
import { ExitWith } from '../exit.ts';
import type { CliIo } from '../io.ts';
import { addLintFlags, configOfFlags, type LintFlags, SEVERITIES } from '../lint/flags.ts';
import { filesOf, readText } from '../lint/inputs.ts';
import { shellcheckOf } from '../lint/shellcheck.ts';

export function addLintCommand(program: Command, io: CliIo): void {
  const command = program
    .command('lint')
    .description('check Dockerfiles; - reads stdin, a folder is searched')
    .argument('[files...]', 'Dockerfiles, folders, or - for stdin (default: this folder)');
  addLintFlags(command).action(async (inputs: string[], flags: LintFlags) => {
    const config = configFor(flags, io);
    const asked = inputs.length === 0 ? ['.'] : inputs;
    const files = eachOnce((await Promise.all(asked.map((input) => filesOf(input)))).flat());
    const reported = await lintFiles(files, flags, config, io);
    if (reported === undefined) return;
    io.stdout.write(print(reported, config, io));
    const threshold = config.failureThreshold ?? 'style';
    if (config.noFail !== true && reported.some(({ level }) => isAtLeast(level, threshold)))
      throw new ExitWith(1);
  });
}

/** Undefined when the repaired text of stdin was the answer. */
async function lintFiles(
  files: readonly string[],
  flags: LintFlags,
  config: LintConfig,
  io: CliIo,
): Promise<readonly Reported[] | undefined> {
  // The rules are loaded when they are needed: the other verbs start sooner.
  const { dockerignoreOf, lintText, repaired, scriptsOf } = await import('../lint/check.ts');
  const { unknownNames } = await import('../../../core/lint/unknown-names.ts');
  for (const unknown of unknownNames(config)) io.stderr.write(`naru: ${unknown}\n`);
  const isAsked = flags.shellcheck && flags.rules !== 'buildkit';
  const ask = isAsked ? shellcheckOf(io, flags.rules) : undefined;
  const reported: Reported[] = [];
  for (const file of files) {
    let text = await readText(file, io);
    const dockerignore = dockerignoreOf(file);
    const known = lintOptionsOf(config);
    const options = dockerignore === undefined ? known : { ...known, dockerignore };
    const job = { file: flags.filePathInReport ?? file, rules: flags.rules, options };
    if (flags.fix) {
      const fixed = repaired(text, job);
      if (file === '-') {
        io.stdout.write(fixed);
        return undefined;
      }
      if (fixed !== text) await writeFile(file, fixed);
      text = fixed;
    }
    const answers = await ask?.(scriptsOf(text, job));
    const shellcheck =
      answers === undefined ? {} : { shellcheck: ({ text }: ShellcheckQuestion) => answers.get(text()) };
    reported.push(...lintText(text, { ...job, options: { ...options, ...shellcheck } }));
  }
  return reported;
}

/** A file that is named in two ways, or lies in a folder that is named as well, is read once. */
function eachOnce(files: readonly string[]): readonly string[] {
  const paths = files.map((file) => (file === '-' ? file : resolve(file)));
  return files.filter((_, at) => paths.indexOf(paths[at] ?? '') === at);
}

/** The environment, then the file, then the flags. */
function configFor(flags: LintFlags, io: CliIo): LintConfig {
  const path = flags.config ?? firstFile([...folderConfigPaths(io.cwd), ...userConfigPaths(io.env)]);
  const sources = [
    lintConfigFromEnvironment(io.env),
    ...(path === undefined ? [] : [readLintConfigFile(path)]),
  ];
  return mergeLintConfigs([...sources, configOfFlags(flags)]);
}

function print(reported: readonly Reported[], config: LintConfig, io: CliIo): string {
  const format = config.format ?? 'tty';
  const isPlain = !io.stdout.isTTY || config.noColor === true;
  if (format === 'tty' && !isPlain) return formatColoured(reported);
  return FORMATS[format](reported);
}

function isAtLeast(level: Severity, threshold: Severity | 'none'): boolean {
  return threshold !== 'none' && SEVERITIES.indexOf(level) <= SEVERITIES.indexOf(threshold);
}
