/**
 * `naru lint`: findings for files, folders or stdin, in any of the formats of core/lint/formats.
 * Exit code 0 without findings at or above the threshold, 1 with some, 2 when an input can't be used.
 */

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { type Command, Option } from 'commander';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { NaruError } from '../../../core/errors.ts';
import { FORMATS } from '../../../core/lint/formats/index.ts';
import { type Reported, toReported } from '../../../core/lint/formats/reported.ts';
import { formatColoured } from '../../../core/lint/formats/tty.ts';
import { problemFindings } from '../../../core/lint/problems.ts';
import type { Severity } from '../../../core/lint/rule.ts';
import type { lintDockerfile as LintFunction, RuleSet } from '../../../core/lint/run.ts';
import { ExitWith } from '../exit.ts';
import type { CliIo } from '../io.ts';

const RULE_SETS: readonly RuleSet[] = ['naru', 'hadolint', 'buildkit', 'all'];
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info', 'style'];

interface LintFlags {
  readonly rules: RuleSet;
  readonly format: string;
  readonly failureThreshold: Severity | 'none';
  readonly fail: boolean;
}

export function addLintCommand(program: Command, io: CliIo): void {
  program
    .command('lint')
    .description('check Dockerfiles; - reads stdin, a folder is searched')
    .argument('<files...>', 'Dockerfiles, folders, or - for stdin')
    .addOption(new Option('--rules <set>', 'whose rules').choices(RULE_SETS).default('naru'))
    .addOption(new Option('--format <format>', 'output format').choices(Object.keys(FORMATS)).default('tty'))
    .addOption(
      new Option('-t, --failure-threshold <severity>', 'exit with 1 only from this severity on')
        .choices([...SEVERITIES, 'none'])
        .default('style'),
    )
    .option('--no-fail', 'exit with 0 even with findings')
    .action(async (inputs: string[], flags: LintFlags) => {
      const files = (await Promise.all(inputs.map((input) => filesOf(input)))).flat();
      const texts = await Promise.all(files.map((file) => readText(file, io)));
      // The rules are loaded when they are needed: the other verbs start sooner.
      const { lintDockerfile } = await import('../../../core/lint/run.ts');
      const reported = files.flatMap((file, index) =>
        lintText(file, texts[index] ?? '', flags.rules, lintDockerfile),
      );
      io.stdout.write(print(reported, flags.format, io));
      if (flags.fail && reported.some(({ level }) => isAtLeast(level, flags.failureThreshold)))
        throw new ExitWith(1);
    });
}

function lintText(
  file: string,
  text: string,
  rules: RuleSet,
  lintDockerfile: typeof LintFunction,
): readonly Reported[] {
  const { value: dockerfile, problems } = readDockerfile(text);
  const findings = [...problemFindings(dockerfile, problems, rules), ...lintDockerfile(dockerfile, rules)];
  return findings.map((finding) => toReported(file, dockerfile, finding)).sort((a, b) => a.line - b.line);
}

function print(reported: readonly Reported[], format: string, io: CliIo): string {
  const isPlain = !io.stdout.isTTY || io.env['NO_COLOR'] !== undefined;
  if (format === 'tty' && !isPlain) return formatColoured(reported);
  return FORMATS[format]?.(reported) ?? '';
}

function isAtLeast(level: Severity, threshold: Severity | 'none'): boolean {
  return threshold !== 'none' && SEVERITIES.indexOf(level) <= SEVERITIES.indexOf(threshold);
}

/** The Dockerfiles that an argument names: itself, or those below a folder (node_modules and dot folders left out). */
async function filesOf(input: string): Promise<readonly string[]> {
  if (input === '-') return [input];
  const stats = await stat(input).catch(() => undefined);
  if (!stats) {
    throw new NaruError('invalid-argument', 'E_NO_FILE', `no such file or folder: ${input}`);
  }
  if (!stats.isDirectory()) return [input];
  const found = await dockerfilesBelow(input);
  if (found.length > 0) return found;
  throw new NaruError('invalid-argument', 'E_NO_DOCKERFILE', `no Dockerfile in ${input}`, {
    hint: 'files called Dockerfile, Dockerfile.*, *.Dockerfile and Containerfile are looked for',
  });
}

async function dockerfilesBelow(folder: string): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.') && entry.name !== 'node_modules')
        found.push(...(await dockerfilesBelow(path)));
    } else if (
      /^(Dockerfile|Containerfile)(\..+)?$|\.(Dockerfile|dockerfile|Containerfile|containerfile)$/.test(
        entry.name,
      )
    ) {
      if (!entry.name.endsWith('.dockerignore')) found.push(path);
    }
  }
  return found;
}

async function readText(file: string, io: CliIo): Promise<string> {
  if (file !== '-') return readFile(file, 'utf8');
  let text = '';
  for await (const chunk of io.stdin.setEncoding('utf8')) text += String(chunk);
  return text;
}
