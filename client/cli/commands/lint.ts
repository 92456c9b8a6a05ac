/**
 * `naru lint`: findings for files, folders or stdin, in any of the formats of core/lint/formats.
 * Exit code 0 without findings at or above the threshold, 1 with some, 2 when an input or the configuration can't be used.
 */

import { resolve } from 'node:path';

import type { Command } from 'commander';

import { NaruError } from '../../../core/errors.ts';
import { type LintConfig, lintConfigFromEnvironment, mergeLintConfigs } from '../../../core/lint/config.ts';
import type { Reported } from '../../../core/lint/formats/reported.ts';
import type { RuleSet } from '../../../core/lint/run.ts';
import type { Severity } from '../../../core/lint/severity.ts';
import {
  firstFile,
  folderConfigPaths,
  readLintConfigFile,
  userConfigPaths,
} from '../../../local/lint-config-file.ts';
import { tellFailures, tryInTurn } from '../each.ts';
import { ExitWith } from '../exit.ts';
import type { CliIo } from '../io.ts';
import { addLintFlags, configOfFlags, type LintFlags, SEVERITIES, wantedFixes } from '../lint/flags.ts';
import { filesOf } from '../lint/inputs.ts';
import { refuseOverwriting, writeReports } from '../lint/reports.ts';
import { StatusLine } from '../status-line.ts';

export function addLintCommand(program: Command, io: CliIo): void {
  const command = program
    .command('lint')
    .description('check Dockerfiles; - reads stdin, a folder is searched')
    .argument('[files...]', 'Dockerfiles, folders, or - for stdin (default: this folder)');
  addLintFlags(command).action(async (inputs: string[], flags: LintFlags) => {
    const { config, path } = configFor(flags, io);
    const threshold = config.failureThreshold ?? (flags.rules === 'hadolint' ? 'info' : 'style');
    const status = new StatusLine(io);
    const say = (text: string): void => {
      status.clear();
      io.stderr.write(`naru: ${text}\n`);
    };
    const sayMore = config.isVerbose === true ? say : () => undefined;
    sayMore(`configuration: ${path ?? 'none'}`);
    sayMore(`rules: ${flags.rules}, failure threshold: ${threshold}`);
    const isRepairing = wantedFixes(flags) !== undefined;
    const files: string[] = [];
    const missing = await tryInTurn(inputs.length === 0 ? ['.'] : inputs, async (input) => {
      files.push(...(await filesOf(input)));
    });
    if (isRepairing && files.includes('-') && files.length > 1) {
      throw new NaruError('invalid-argument', 'E_LINT_INPUTS', '--fix cannot repair stdin beside files', {
        hint: 'repair them one after the other',
      });
    }
    refuseOverwriting(flags.output, files, io.cwd);
    const reported: Reported[] = [];
    // The rules are loaded when they are needed: the other verbs start sooner.
    const { makeLinter } = await import('../lint/linter.ts');
    const lint = makeLinter(flags, config, { io, say, status });
    const different = eachOnce(files);
    const unread = await tryInTurn(different, async (file) => {
      status.update(`lint: ${file} (${different.indexOf(file) + 1} of ${different.length})`);
      const found = await lint(file);
      sayMore(`${file}: ${found.length === 1 ? '1 finding' : `${found.length} findings`}`);
      reported.push(...found);
    }).finally(() => status.clear());
    // Where the repaired text is the answer, the findings are told beside it.
    const answer = isRepairing && files.includes('-') ? io.stderr : io.stdout;
    const places = { config, outputs: flags.output, answer, cwd: io.cwd };
    const reports = unread.length < files.length ? [reported] : [];
    const unwritten = await tryInTurn(reports, async (found) => await writeReports(found, places));
    tellFailures([...missing, ...unread, ...unwritten], io, 2);
    if (fails(reported, flags.rules, config, threshold)) throw new ExitWith(1);
  });
}

/** A file that is named in two ways, or lies in a folder that is named as well, is read once. */
function eachOnce(files: readonly string[]): readonly string[] {
  const paths = files.map((file) => (file === '-' ? file : resolve(file)));
  return files.filter((_, at) => paths.indexOf(paths[at] ?? '') === at);
}

/** The environment, then the file, then the flags. */
function configFor(
  flags: LintFlags,
  io: CliIo,
): { readonly config: LintConfig; readonly path: string | undefined } {
  const path = flags.config ?? firstFile([...folderConfigPaths(io.cwd), ...userConfigPaths(io.env)]);
  const sources = [
    lintConfigFromEnvironment(io.env),
    ...(path === undefined ? [] : [readLintConfigFile(path)]),
  ];
  return { config: mergeLintConfigs([...sources, configOfFlags(flags)]), path };
}

function fails(
  reported: readonly Reported[],
  rules: RuleSet,
  { formats = [], noFail }: LintConfig,
  threshold: Severity | 'none',
): boolean {
  if (noFail === true) return false;
  if (rules !== 'hadolint') return reported.some(({ level }) => isAtLeast(level, threshold));
  // hadolint: who takes these formats wants the report, and `none` leaves no finding out.
  if (formats.includes('codeclimate') || formats.includes('codacy')) return false;
  return reported.some(({ level }) => threshold === 'none' || isAtLeast(level, threshold));
}

function isAtLeast(level: Severity, threshold: Severity | 'none'): boolean {
  return threshold !== 'none' && SEVERITIES.indexOf(level) <= SEVERITIES.indexOf(threshold);
}
