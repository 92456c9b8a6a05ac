/**
 * One command line of `naru`. Every verb is a file in `commands/`; this file turns what they throw into one sentence and an exit code.
 * Exit codes: 0 done, 130 Ctrl-C, those of exit-codes.ts for failures; `run` and `exec` answer the container's own code, or 125 to 127 as docker's CLI does.
 */

import { type Command, CommanderError, Help, type Option } from 'commander';

import { NaruError } from '../../core/errors.ts';
import { NARU_VERSION } from '../../core/version.ts';
import { absentVerb } from './absent-verbs.ts';
import { SECTIONS, type VerbSection } from './commands/index.ts';
import { ExitWith } from './exit.ts';
import { exitCodeOfFailure, exitCodeOfUsage } from './exit-codes.ts';
import { GoCommand } from './go-command.ts';
import { type CliIo, Interruption } from './io.ts';
import { tellError } from './tell-error.ts';

/** Runs one command line (without `node` and the program's path); answers the exit code. */
export async function runCli(given: readonly string[], io: CliIo): Promise<number> {
  const argv = withoutHelpVerb(given);
  const verb = verbOf(argv);
  const program = new GoCommand('naru')
    .description('Lint and preview Dockerfiles, build images and run containers.')
    .version(NARU_VERSION, '-v, --version')
    .option(
      '-H, --host <target>',
      'engine to use: unix://PATH or ssh://user@host[:port] (default: $NARU_HOST, else the local engine)',
    )
    .enablePositionalOptions()
    .exitOverride()
    .configureHelp({ showGlobalOptions: false, optionDescription: describeOption })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => write(inOurStyle(text, verb)),
      getOutHelpWidth: () => io.stdout.columns ?? 80,
      getErrHelpWidth: () => io.stderr.columns ?? 80,
    });
  const sections = sectionsFor(verb);
  for (const { heading, verbs } of sections) {
    program.commandsGroup(heading);
    for (const verb of verbs) (await verb.load())(program, io);
  }
  nameHelp(program, 'naru');
  try {
    const absent = absentVerb(verb);
    if (absent !== undefined) throw absent;
    if (argv !== given && sections === SECTIONS) throw unknownTopic(verb ?? '');
    await program.parseAsync([...argv], { from: 'user' });
    return 0;
  } catch (error) {
    const isOwnVerb = sections.every(({ verbs }) => verbs.every(({ isOwn }) => isOwn === true));
    return exitCodeOf(error, io, isOwnVerb);
  }
}

/** As usual, without `(default: [])` for those that may be repeated. */
function describeOption(option: Option): string {
  const isList = Array.isArray(option.defaultValue) && option.defaultValue.length === 0;
  if (!isList) return new Help().optionDescription(option);
  const choices = option.argChoices?.map((choice) => JSON.stringify(choice)).join(', ');
  return choices === undefined ? option.description : `${option.description} (choices: ${choices})`;
}

/** `error: unknown option '--nmae'\n(Did you mean --name?)` as all other errors look: the sentence, and below it what to do next. */
function inOurStyle(text: string, verb: string | undefined): string {
  const [sentence = '', ...rest] = text
    .replace(/^error: /, '')
    .trimEnd()
    .split('\n');
  const hints = rest.map((line) => `      ${line.replace(/^\(Did you mean (.*)\)$/, 'did you mean $1')}\n`);
  if (/^unknown option '(?:--host|-H)\b/.test(sentence)) {
    return `naru: ${sentence}\n      --host stands before the verb: naru --host HOST ${verb}\n`;
  }
  return `naru: ${sentence}\n${hints.join('')}`;
}

/** Below an error stands whose help tells more. */
function nameHelp(command: Command, name: string): void {
  command.showHelpAfterError(`      see ${name} --help`);
  for (const verb of command.commands) nameHelp(verb, `${name} ${verb.name()}`);
}

/** `naru help network create` as `naru network create --help`: a verb has its own help, of whatever stands behind it nothing is read. */
function withoutHelpVerb(argv: readonly string[]): readonly string[] {
  const [help, first, second] = argv;
  if (help !== 'help' || first === undefined || first.startsWith('-')) return argv;
  const isGroup = SECTIONS.at(-1)?.verbs.some(({ name }) => name === first) === true;
  return [first, ...(isGroup && second !== undefined ? [second] : []), '--help'];
}

function unknownTopic(topic: string): NaruError {
  // The words of docker's CLI (28.5.2).
  const message = `unknown help topic: ${topic}`;
  return new NaruError('invalid-argument', 'E_HELP', message, { hint: 'see naru --help' });
}

/** The first word that is neither an option nor its value. */
function verbOf(argv: readonly string[]): string | undefined {
  let at = 0;
  while (argv[at] === '-H' || argv[at] === '--host') at += 2;
  if (argv[at]?.startsWith('--host=')) at += 1;
  return argv[at];
}

/** The verb alone that is asked for; all of them for help, for a verb that is none, and for whatever else is not certain. */
function sectionsFor(name: string | undefined): readonly VerbSection[] {
  for (const { heading, verbs } of SECTIONS) {
    const found = verbs.find((verb) => verb.name === name);
    if (found !== undefined) return [{ heading, verbs: [found] }];
  }
  return SECTIONS;
}

/** Says what went wrong on stderr and answers the exit code. */
function exitCodeOf(given: unknown, io: CliIo, isOwnVerb: boolean): number {
  const error = isLostFolder(given) ? lostFolder(given) : given;
  if (error instanceof ExitWith) return error.code;
  if (error instanceof CommanderError) return exitCodeOfUsage(error, isOwnVerb);
  if (io.signal.aborted) {
    const { reason } = io.signal; // Ctrl-C needs no words
    return reason instanceof Interruption ? reason.exitCode : 130;
  }
  if (error instanceof NaruError) {
    if (error.kind === 'cancelled') return exitCodeOfFailure(error, isOwnVerb);
    tellError(error, io);
    return exitCodeOfFailure(error, isOwnVerb);
  }
  tellError({ message: `unexpected failure: ${error instanceof Error ? error.message : String(error)}` }, io);
  if (io.env['NARU_DEBUG'] && error instanceof Error) io.stderr.write(`${error.stack}\n`);
  return 1;
}

/** The working directory was removed after the shell had gone there. */
function isLostFolder(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'uv_cwd';
}

function lostFolder(cause: unknown): NaruError {
  return new NaruError('invalid-argument', 'E_NO_FOLDER', 'the working directory is not there any more', {
    hint: 'go to another folder first',
    cause,
  });
}
