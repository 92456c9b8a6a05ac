/**
 * The shell text of a RUN as the list of simple commands in it, wherever they stand (pipelines, loops, substitutions).
 * Positions are spans in the Dockerfile, because the text is the logical line with its way back to the source.
 */

import type { LogicalLine } from '../../dockerfile/types.ts';
import type { Span } from '../../source.ts';
import {
  type ParsedCommand,
  type ParsedScript,
  type ParsedWord,
  readScript,
  type ScriptReader,
  type ShellFlag,
} from './parsed-script.ts';

export interface ShellWord {
  /** Quotes removed; `${name}` for expansions that can't be known. */
  readonly value: string;
  /** As written. */
  readonly text: string;
  readonly span: Span;
  /** It is all of a string of a JSON array; the span is that of the text inside the quotes. */
  readonly isWholeString: boolean;
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
  /** For this folder only: what was read of the text. */
  readonly parsed: ParsedScript;
  readonly commands: readonly ShellCommand[];
  /** The `|` signs between commands. */
  readonly pipes: readonly Span[];
  /** The shebang or the program beside the heredoc; undefined when the SHELL of the stage runs the script. */
  readonly interpreter?: string;
}

export interface ShellText extends Pick<LogicalLine, 'text' | 'sourceOffset'> {
  /** One past what stands for the character at `at`, where that is longer than the character. */
  readonly sourceEnd?: (at: number) => number;
  /** Of the strings of a JSON array, blanks between them: whether a part of the text is all of one. */
  readonly isWholeString?: (part: ParsedPart) => boolean;
}

export const EMPTY_SCRIPT: ShellScript = {
  line: { text: '', sourceOffset: () => 0 },
  parsed: { commands: [], pipes: [] },
  commands: [],
  pipes: [],
};

/** Reads shell text; never throws. Commands come in the order of their names in the text. */
export function readShell(line: ShellText, read: ScriptReader = readScript): ShellScript {
  const parsed = read(line.text);
  return {
    line,
    parsed,
    commands: parsed.commands.map((command) => new PlacedCommand(command, line)),
    pipes: parsed.pipes.map((pos) => spanOf({ pos, end: pos + 1 }, line)),
  };
}

/** A class, because most commands are no rule's matter: what stands where is found out when one asks. */
class PlacedCommand implements ShellCommand {
  readonly #parsed: ParsedCommand;
  readonly #line: ShellText;
  #args: readonly PlacedWord[] | undefined;

  constructor(parsed: ParsedCommand, line: ShellText) {
    this.#parsed = parsed;
    this.#line = line;
  }

  get name(): ShellWord {
    return new PlacedWord(this.#parsed.name, this.#line);
  }

  get program(): string {
    return this.#parsed.program;
  }

  get args(): readonly ShellWord[] {
    this.#args ??= this.#parsed.args.map((word) => new PlacedWord(word, this.#line));
    return this.#args;
  }

  get flags(): readonly ShellFlag[] {
    return this.#parsed.flags;
  }

  get span(): Span {
    return spanOf(this.#parsed, this.#line);
  }
}

/** A class for the same reason: rules compare values, and ask for the place of the few words they report. */
class PlacedWord implements ShellWord {
  readonly #parsed: ParsedWord;
  readonly #line: ShellText;

  constructor(parsed: ParsedWord, line: ShellText) {
    this.#parsed = parsed;
    this.#line = line;
  }

  get value(): string {
    return this.#parsed.value;
  }

  get text(): string {
    return this.#parsed.text;
  }

  get span(): Span {
    return spanOf(this.#parsed, this.#line);
  }

  get isWholeString(): boolean {
    return this.#line.isWholeString?.(this.#parsed) === true;
  }
}

/** Half-open, in the text that was parsed. */
interface ParsedPart {
  readonly pos: number;
  readonly end: number;
}

/** Where a part of the text stands in the Dockerfile. */
export function spanOf({ end, pos }: ParsedPart, line: ShellText): Span {
  const start = line.sourceOffset(pos);
  if (end <= pos) return { start, end: start };
  // One past the last character, not where the next one stands: a continuation may lie between. Newlines that were added have no place.
  const last = line.sourceEnd?.(end - 1) ?? line.sourceOffset(end - 1) + 1;
  return { start, end: Math.min(last, line.sourceOffset(line.text.length)) };
}
