/**
 * Scripts as they are read, wherever they stand: all places are offsets into their own text.
 * So what was read of a text holds for every RUN with that text, in this version of a file and in the next one, where nearly all are the same.
 * What counts as a command, a flag and an argument follows hadolint's documented behaviour, measured with its own cases.
 */

import { forEachChild, parse, type Command as UnbashCommand, type SyntaxNode } from 'unbash';

import { PlainCommand, type PlainWord, readPlainScript } from './plain-script.ts';
import { isLiteral, plainValue, type UnbashWord } from './word-value.ts';

export interface ParsedScript {
  /** Absent for plain scripts, in which nothing is expanded. */
  readonly tree?: ShellTree;
  /** In the order of their names in the text. */
  readonly commands: readonly ParsedCommand[];
  /** Where the `|` signs between commands stand. */
  readonly pipes: readonly number[];
}

/** A syntax tree, with what was found in it. */
export class ShellTree {
  readonly #root: ReturnType<typeof parse>;
  readonly #made = new Map<unknown, unknown>();

  constructor(root: ReturnType<typeof parse>) {
    this.#root = root;
  }

  /** What `make` answers for this tree: found out when it is first asked for, and kept as long as the tree. */
  once<Result>(make: (root: SyntaxNode) => Result): Result {
    if (!this.#made.has(make)) this.#made.set(make, make(this.#root));
    return this.#made.get(make) as Result; // what this very function answered
  }
}

/** Reads a script; never throws. Depends on the text alone, so that answers may be kept (`remembered`). */
export type ScriptReader = (text: string) => ParsedScript;

export interface ParsedWord {
  /** Quotes removed; `${name}` for expansions that can't be known. */
  readonly value: string;
  readonly text: string;
  readonly pos: number;
  readonly end: number;
}

/** `--name=value` gives one flag `name`, `-abc` three. */
export interface ShellFlag {
  readonly name: string;
  /** Index of its word in `args`. */
  readonly argIndex: number;
}

/** The usual reader: scripts of plain words need no parser. */
export function readScript(text: string): ParsedScript {
  const plain = readPlainScript(text);
  if (plain === undefined) return parseScript(text);
  const commands = plain.commands.map((command) => {
    const { name, pos } = command;
    return new ParsedCommand(command, plainWord({ text: name, pos }));
  });
  return { commands, pipes: plain.pipes };
}

/** The same by the parser, for any text; nothing is known of one that is nested too deeply for it. */
export function parseScript(text: string): ParsedScript {
  if (isNestedDeeply(text)) return { commands: [], pipes: [] };
  const root = parse(text);
  const commands: ParsedCommand[] = [];
  const pipes: number[] = [];
  const visit = (node: SyntaxNode | UnbashCommand): void => {
    if (node.type === 'Word' && !/[`(]/.test(node.text)) return; // no commands in it
    if (node.type === 'Command' && node.name && isLiteral(node.name))
      commands.push(new ParsedCommand(node, parsedWord(node.name)));
    if (node.type === 'Pipeline') addPipes(node, text, pipes);
    forEachChild(node, visit);
  };
  visit(root);
  if (commands.some(({ name }, nth) => name.pos < (commands[nth - 1]?.name.pos ?? 0)))
    commands.sort((a, b) => a.name.pos - b.name.pos);
  return { tree: new ShellTree(root), commands, pipes };
}

/** Levels of brackets; parser and rules go down one call or more for each. */
const MAX_DEPTH = 100;

function isNestedDeeply(text: string): boolean {
  let depth = 0;
  for (const { 0: bracket } of text.matchAll(/[(){}]/g)) {
    depth = bracket === '(' || bracket === '{' ? depth + 1 : Math.max(0, depth - 1);
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

type CommandNode = Pick<UnbashCommand, 'args' | 'pos' | 'end'> | PlainCommand;

/** A class, because most commands are no rule's matter: their words are read when one asks. */
export class ParsedCommand {
  readonly name: ParsedWord;
  /** The name without its directory. */
  readonly program: string;
  readonly #node: CommandNode;
  #args: readonly ParsedWord[] | undefined;
  #flags: readonly ShellFlag[] | undefined;

  constructor(node: CommandNode, first: ParsedWord) {
    this.#node = node;
    this.name = WRAPPERS.has(first.value) ? (wrappedName(this.args) ?? first) : first;
    this.program = programName(this.name.value);
  }

  get pos(): number {
    return this.#node.pos;
  }

  get end(): number {
    return this.#node.end;
  }

  get args(): readonly ParsedWord[] {
    this.#args ??= wordsOf(this.#node);
    return this.#args;
  }

  get flags(): readonly ShellFlag[] {
    this.#flags ??= flagsOf(this.args);
    return this.#flags;
  }
}

/** `apt-get` for `/usr/bin/apt-get`. */
export function programName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** Commands that run the command in their arguments in their own place. */
const WRAPPERS: ReadonlySet<string> = new Set(['builtin', 'busybox', 'command', 'exec']);

function wrappedName(args: readonly ParsedWord[]): ParsedWord | undefined {
  const [first] = args;
  return first === undefined || first.value.startsWith('-') ? undefined : first;
}

function addPipes(node: Extract<SyntaxNode, { type: 'Pipeline' }>, text: string, pipes: number[]): void {
  for (const command of node.commands.slice(0, -1)) {
    const bar = text.indexOf('|', command.end);
    pipes.push(bar < 0 ? command.end : bar);
  }
}

function flagsOf(args: readonly ParsedWord[]): readonly ShellFlag[] {
  const flags: ShellFlag[] = [];
  for (let argIndex = 0; argIndex < args.length; argIndex += 1) {
    const value = args[argIndex]?.value ?? '';
    if (!value.startsWith('-') || value === '-' || value === '--') continue;
    if (value.startsWith('--')) flags.push({ name: value.slice(2).replace(/=.*/s, ''), argIndex });
    else for (const name of value.slice(1)) flags.push({ name, argIndex });
  }
  return flags;
}

function wordsOf(node: CommandNode): readonly ParsedWord[] {
  return node instanceof PlainCommand ? node.args.map(plainWord) : node.args.map(parsedWord);
}

function parsedWord(word: UnbashWord): ParsedWord {
  return { value: plainValue(word), text: word.text, pos: word.pos, end: word.end };
}

function plainWord({ pos, text }: PlainWord): ParsedWord {
  return { value: text, text, pos, end: pos + text.length };
}
