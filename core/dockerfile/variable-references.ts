/**
 * Finds `$NAME` and `${NAME…}` in the source text of an instruction, each with the span of the name.
 * A scan over characters, not an expansion: it serves navigation and colouring, and is linear in the text.
 */

import type { Span } from '../source.ts';
import type { CommandForm, Dockerfile, Instruction } from './types.ts';

export interface VariableReference {
  readonly name: string;
  /** Of the name alone, without `$` and braces. */
  readonly span: Span;
}

interface Region extends Span {
  /** Single quotes hide variables, and lines that start with # are comments. */
  readonly isShellLike: boolean;
}

/** In file order. The shell's own variables are among them: whether a name is declared is for the caller to find out. */
export function variableReferences(
  dockerfile: Dockerfile,
  instruction: Instruction,
): readonly VariableReference[] {
  const references: VariableReference[] = [];
  for (const region of regionsOf(instruction)) {
    scan(dockerfile.text, region, dockerfile.escape, references);
  }
  return references;
}

/** Where variables can stand. JSON commands are passed to the program as they are. */
function regionsOf(instruction: Instruction): readonly Region[] {
  const rest = { start: instruction.keywordSpan.end, end: instruction.rest.span.end, isShellLike: true };
  switch (instruction.name) {
    case 'RUN':
    case 'CMD':
    case 'ENTRYPOINT':
    case 'SHELL':
      return commandRegions(instruction.command, rest, instruction);
    case 'HEALTHCHECK':
      return instruction.command === undefined
        ? [rest]
        : commandRegions(instruction.command, rest, instruction);
    case 'COPY':
    case 'ADD': {
      const bodies = instruction.heredocs.filter((heredoc) => heredoc.isExpanded);
      return [rest, ...bodies.map((heredoc) => ({ ...heredoc.bodySpan, isShellLike: false }))];
    }
    case 'MAINTAINER':
    case 'UNKNOWN':
    case 'ONBUILD':
      return [];
    case 'ARG':
    case 'ENV':
    case 'LABEL':
    case 'EXPOSE':
    case 'FROM':
    case 'STOPSIGNAL':
    case 'USER':
    case 'VOLUME':
    case 'WORKDIR':
      return [rest];
  }
}

function commandRegions(command: CommandForm, rest: Region, instruction: Instruction): readonly Region[] {
  if (command.kind === 'exec') return [{ ...rest, end: Math.min(rest.end, command.span.start) }];
  return [rest, ...instruction.heredocs.map((heredoc) => ({ ...heredoc.bodySpan, isShellLike: true }))];
}

function scan(text: string, region: Region, escape: string, found: VariableReference[]): void {
  // As most have none.
  if (!text.slice(region.start, region.end).includes('$')) return;
  let isInDoubleQuotes = false;
  let at = region.start;
  while (at < region.end) {
    const character = text[at];
    if (character === escape) at += text[at + 1] === '\n' || text[at + 1] === '\r' ? 1 : 2;
    else if (character === '$') at = readReference(text, at, region.end, found);
    else if (character === '\n' && region.isShellLike) at = skipComment(text, at + 1);
    else if (character === "'" && region.isShellLike && !isInDoubleQuotes)
      at = skipQuoted(text, at, region.end);
    else {
      if (character === '"') isInDoubleQuotes = !isInDoubleQuotes;
      at += 1;
    }
  }
}

/** Answers where to go on: inside the braces, because a default value may hold more variables. */
function readReference(text: string, dollar: number, end: number, found: VariableReference[]): number {
  // `$$` is a variable of its own, to Docker as to a shell.
  if (text[dollar + 1] === '$') return dollar + 2;
  const start = text[dollar + 1] === '{' ? dollar + 2 : dollar + 1;
  const name = /[A-Za-z_]\w*/y;
  name.lastIndex = start;
  const match = name.exec(text);
  if (match === null || start + match[0].length > end) return start;
  found.push({ name: match[0], span: { start, end: start + match[0].length } });
  return start + match[0].length;
}

/** A quote without its twin hides nothing: it is an apostrophe in a comment or a word. */
function skipQuoted(text: string, quote: number, end: number): number {
  const close = text.indexOf("'", quote + 1);
  return close < 0 || close >= end ? quote + 1 : close + 1;
}

function skipComment(text: string, lineStart: number): number {
  const comment = /[ \t]*#[^\n]*/y;
  comment.lastIndex = lineStart;
  return lineStart + (comment.exec(text)?.[0].length ?? 0);
}
