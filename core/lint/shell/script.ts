/**
 * The shell text of a RUN as the list of simple commands in it, wherever they stand (pipelines, loops, substitutions).
 * The one importer of unbash. Positions are spans in the Dockerfile, because the text is the logical line with its way back to the source.
 */

import {
  type Assignment as UnbashAssignment,
  forEachChild,
  parse,
  type Command as UnbashCommand,
  type SyntaxNode,
  type Word as UnbashWord,
} from 'unbash';

import type { LogicalLine } from '../../dockerfile/types.ts';
import type { Span } from '../../source.ts';

export interface ShellWord {
  /** Quotes removed; `${name}` for expansions that can't be known. */
  readonly value: string;
  /** As written. */
  readonly text: string;
  readonly span: Span;
}

export interface ShellCommand {
  readonly name: ShellWord;
  /** Without the name, in order. */
  readonly args: readonly ShellWord[];
  readonly span: Span;
}

export interface ShellScript {
  readonly commands: readonly ShellCommand[];
  /** False when the text could not be parsed as a whole; `commands` then holds what was understood. */
  readonly isComplete: boolean;
}

/** Reads shell text; never throws. Commands come in the order of their names in the text. */
export function readShell(line: LogicalLine): ShellScript {
  const script = parse(line.text);
  const commands: ShellCommand[] = [];
  const visit = (node: SyntaxNode | UnbashCommand): void => {
    if (node.type === 'Command') addCommand(node, line, commands);
    forEachChild(node, visit);
  };
  visit(script);
  commands.sort((a, b) => a.name.span.start - b.name.span.start);
  return { commands, isComplete: (script.errors ?? []).length === 0 };
}

function addCommand(node: UnbashCommand, line: LogicalLine, commands: ShellCommand[]): void {
  if (!node.name) return;
  commands.push({
    name: readWord(node.name, line),
    args: node.args.map((word) => readWord(word, line)),
    span: spanOf(node, line),
  });
}

function readWord(word: UnbashWord | UnbashAssignment, line: LogicalLine): ShellWord {
  return { value: word.type === 'Word' ? word.value : word.text, text: word.text, span: spanOf(word, line) };
}

function spanOf(node: { readonly pos: number; readonly end: number }, line: LogicalLine): Span {
  return { start: line.sourceOffset(node.pos), end: line.sourceOffset(node.end) };
}
