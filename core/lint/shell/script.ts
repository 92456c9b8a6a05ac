/**
 * The shell text of a RUN as the list of simple commands in it, wherever they stand (pipelines, loops, substitutions).
 * The one importer of unbash. Positions are spans in the Dockerfile, because the text is the logical line with its way back to the source.
 * What counts as a command, a flag and an argument follows hadolint's documented behaviour, measured with its own cases.
 */

import { forEachChild, parse, type Command as UnbashCommand, type SyntaxNode } from 'unbash';

import type { LogicalLine } from '../../dockerfile/types.ts';
import type { Span } from '../../source.ts';
import { PlainCommand, type PlainWord, readPlainScript } from './plain-script.ts';
import { isLiteral, plainValue, type UnbashWord } from './word-value.ts';

export interface ShellWord {
  /** Quotes removed; `${name}` for expansions that can't be known. */
  readonly value: string;
  /** As written. */
  readonly text: string;
  readonly span: Span;
  /** A string of a JSON array; the span is that of the text inside the quotes. */
  readonly isJson: true | undefined;
}

/** `--name=value` gives one flag `name`, `-abc` three. */
export interface ShellFlag {
  readonly name: string;
  /** Index of its word in `args`. */
  readonly argIndex: number;
}

export interface ShellCommand {
  readonly name: ShellWord;
  /** The name without its directory: `apt-get` for `/usr/bin/apt-get`. */
  readonly program: string;
  /** Without the name, in order. Behind `exec`, `command` and the like, the command's own name is among them. */
  readonly args: readonly ShellWord[];
  readonly flags: readonly ShellFlag[];
  readonly span: Span;
}

export interface ShellScript {
  /** What was parsed; a heredoc's body when that is the script. */
  readonly line: ShellText;
  /** For this folder only; absent for plain scripts, in which nothing is expanded. */
  readonly tree?: ShellTree;
  readonly commands: readonly ShellCommand[];
  /** The `|` signs between commands. */
  readonly pipes: readonly Span[];
  /** The shebang or the program beside the heredoc; undefined when the SHELL of the stage runs the script. */
  readonly interpreter?: string;
}

export type ShellTree = ReturnType<typeof parse>;

export interface ShellText extends Pick<LogicalLine, 'text' | 'sourceOffset'> {
  /** The strings of a JSON array, blanks between them. */
  readonly isJson?: true;
}

export const EMPTY_SCRIPT: ShellScript = {
  line: { text: '', sourceOffset: () => 0 },
  commands: [],
  pipes: [],
};

/** Reads shell text; never throws. Commands come in the order of their names in the text. */
export function readShell(line: ShellText): ShellScript {
  const plain = readPlainScript(line.text);
  if (plain === undefined) return parseShell(line);
  return {
    line,
    commands: plain.commands.map((command) => {
      const { name, pos } = command;
      return new ReadCommand(command, plainWord({ text: name, pos }, line), line);
    }),
    pipes: plain.pipes.map((at) => pipeAt(at, line)),
  };
}

/** The same by the parser, for any text. */
export function parseShell(line: ShellText): ShellScript {
  const tree = parse(line.text);
  const commands: ReadCommand[] = [];
  const pipes: Span[] = [];
  const visit = (node: SyntaxNode | UnbashCommand): void => {
    if (node.type === 'Word' && !/[`(]/.test(node.text)) return; // no commands in it
    if (node.type === 'Command') addCommand(node, line, commands);
    if (node.type === 'Pipeline') addPipes(node, line, pipes);
    forEachChild(node, visit);
  };
  visit(tree);
  if (commands.some(({ name }, nth) => name.pos < (commands[nth - 1]?.name.pos ?? 0)))
    commands.sort((a, b) => a.name.pos - b.name.pos);
  return { line, tree, commands, pipes };
}

function addCommand(node: UnbashCommand, line: ShellText, commands: ReadCommand[]): void {
  if (node.name && isLiteral(node.name))
    commands.push(new ReadCommand(node, parsedWord(node.name, line), line));
}

type CommandNode = Pick<UnbashCommand, 'args' | 'pos' | 'end'> | PlainCommand;

/** A class, because most commands are no rule's matter: their words are read when one asks. */
class ReadCommand implements ShellCommand {
  readonly name: ReadWord;
  readonly program: string;
  readonly #node: CommandNode;
  readonly #line: ShellText;
  #args: readonly ReadWord[] | undefined;
  #flags: readonly ShellFlag[] | undefined;

  constructor(node: CommandNode, first: ReadWord, line: ShellText) {
    this.#node = node;
    this.#line = line;
    this.name = WRAPPERS.has(first.value) ? (wrappedName(this.args) ?? first) : first;
    this.program = programName(this.name.value);
  }

  get args(): readonly ReadWord[] {
    this.#args ??= wordsOf(this.#node, this.#line);
    return this.#args;
  }

  get flags(): readonly ShellFlag[] {
    this.#flags ??= flagsOf(this.args);
    return this.#flags;
  }

  get span(): Span {
    return spanOf(this.#node, this.#line);
  }
}

/** `apt-get` for `/usr/bin/apt-get`. */
export function programName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** Commands that run the command in their arguments in their own place. */
const WRAPPERS: ReadonlySet<string> = new Set(['builtin', 'busybox', 'command', 'exec']);

function wrappedName(args: readonly ReadWord[]): ReadWord | undefined {
  const [first] = args;
  return first === undefined || first.value.startsWith('-') ? undefined : first;
}

function addPipes(node: Extract<SyntaxNode, { type: 'Pipeline' }>, line: ShellText, pipes: Span[]): void {
  for (const command of node.commands.slice(0, -1)) {
    const bar = line.text.indexOf('|', command.end);
    const at = bar < 0 ? command.end : bar;
    pipes.push(pipeAt(at, line));
  }
}

function pipeAt(at: number, line: ShellText): Span {
  return { start: line.sourceOffset(at), end: line.sourceOffset(at) + 1 };
}

function flagsOf(args: readonly ShellWord[]): readonly ShellFlag[] {
  const flags: ShellFlag[] = [];
  for (let argIndex = 0; argIndex < args.length; argIndex += 1) {
    const value = args[argIndex]?.value ?? '';
    if (!value.startsWith('-') || value === '-' || value === '--') continue;
    if (value.startsWith('--')) flags.push({ name: value.slice(2).replace(/=.*/s, ''), argIndex });
    else for (const name of value.slice(1)) flags.push({ name, argIndex });
  }
  return flags;
}

function wordsOf(node: CommandNode, line: ShellText): readonly ReadWord[] {
  if (node instanceof PlainCommand) return node.args.map((word) => plainWord(word, line));
  return node.args.map((word) => parsedWord(word, line));
}

function parsedWord(word: UnbashWord, line: ShellText): ReadWord {
  return new ReadWord(plainValue(word), word, line);
}

function plainWord({ pos, text }: PlainWord, line: ShellText): ReadWord {
  return new ReadWord(text, { text, pos, end: pos + text.length }, line);
}

/** A class for the same reason: rules compare values, and ask for the place of the few words they report. */
class ReadWord implements ShellWord {
  readonly value: string;
  readonly text: string;
  /** In the script. */
  readonly pos: number;
  readonly #end: number;
  readonly #line: ShellText;

  constructor(value: string, { end, pos, text }: Pick<UnbashWord, 'end' | 'pos' | 'text'>, line: ShellText) {
    this.value = value;
    this.text = text;
    this.pos = pos;
    this.#end = end;
    this.#line = line;
  }

  get span(): Span {
    return spanOf({ pos: this.pos, end: this.#end }, this.#line);
  }

  get isJson(): true | undefined {
    return this.#line.isJson;
  }
}

/** Where a part of the text stands in the Dockerfile. */
export function spanOf({ end, pos }: { readonly pos: number; readonly end: number }, line: ShellText): Span {
  const start = line.sourceOffset(pos);
  if (end <= pos) return { start, end: start };
  // One past the last character, not where the next one stands: a continuation may lie between. Newlines that were added have no place.
  return { start, end: Math.min(line.sourceOffset(end - 1) + 1, line.sourceOffset(line.text.length)) };
}
