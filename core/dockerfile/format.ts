/**
 * Layout that can be changed without changing what is built: blanks around lines, the case of keywords, indentation of continued lines.
 * Heredoc bodies, comments' texts, everything inside quotes and the text of commands stay as they are: a blank more in a RUN, and it runs again. Formatting twice changes nothing.
 */

import type { Span } from '../source.ts';
import { lineEndOf } from './line-end.ts';
import { quotedLines } from './quoted-lines.ts';
import type { Dockerfile, Heredoc, Instruction } from './types.ts';

export interface TextChange {
  readonly span: Span;
  readonly text: string;
}

/** What a continued line without any indentation gets. Lines that have some keep theirs: they may be aligned on purpose. */
const INDENT = '    ';

/** Changes in file order, not overlapping. `isUpperCase` false leaves keywords as they are. */
export function formatDockerfile(dockerfile: Dockerfile, isUpperCase = true): readonly TextChange[] {
  const changes: TextChange[] = [];
  const layout = readLayout(dockerfile);
  const byLine = new Map(dockerfile.instructions.map((instruction) => [instruction.line, instruction]));
  for (let line = 0; line < dockerfile.lines.nLines; line += 1) {
    const kind = layout[line] ?? 'free';
    if (kind === 'fixed') continue;
    changes.push(...lineChanges(dockerfile, line, kind));
    if (isUpperCase && kind === 'free') changes.push(...keywordChange(byLine.get(line)));
  }
  // A heredoc without an end goes to the end of the file, and a newline would be one more line of it.
  if (layout[dockerfile.lines.nLines - 1] !== 'fixed') changes.push(...finalNewline(dockerfile));
  return changes
    .filter(({ span, text }) => dockerfile.text.slice(span.start, span.end) !== text)
    .sort((a, b) => a.span.start - b.span.start);
}

/** fixed: nothing may change. free: starts an instruction or lies between them. continued: belongs to the one above. kept: it does, and its indentation is part of what is built. */
type LineKind = 'fixed' | 'free' | 'continued' | 'kept';

function readLayout(dockerfile: Dockerfile): readonly LineKind[] {
  const kinds: LineKind[] = [];
  for (const instruction of dockerfile.instructions) {
    const end = dockerfile.lines.positionAt(instruction.rest.span.end).line;
    const quoted = quotedLines(dockerfile, instruction);
    const textStart = startOfText(instruction);
    for (let line = instruction.line + 1; line <= end; line += 1) {
      const { start } = dockerfile.lines.lineSpan(line);
      kinds[line] = quoted.has(line) ? 'fixed' : start > textStart ? 'kept' : 'continued';
    }
    for (const heredoc of heredocsOf(instruction)) fixBody(dockerfile, heredoc, kinds);
  }
  return kinds;
}

/** Behind this offset every blank counts; infinite for instructions that are split into words. Blanks behind the flags are nothing yet. */
function startOfText(instruction: Instruction): number {
  const { rest } = instruction;
  switch (instruction.name) {
    case 'RUN':
    case 'CMD':
    case 'ENTRYPOINT':
    case 'SHELL':
      return instruction.command.kind === 'exec' ? Number.POSITIVE_INFINITY : rest.span.start;
    case 'ENV':
    case 'LABEL':
      return instruction.pairs.some(({ isLegacy }) => isLegacy) ? rest.span.start : Number.POSITIVE_INFINITY;
    case 'HEALTHCHECK':
    case 'MAINTAINER':
    case 'STOPSIGNAL':
    case 'UNKNOWN':
    case 'USER':
    case 'WORKDIR':
      return rest.span.start;
    case 'ONBUILD': // The image keeps the whole line.
      return instruction.keywordSpan.end;
    case 'ADD':
    case 'ARG':
    case 'COPY':
    case 'EXPOSE':
    case 'FROM':
    case 'VOLUME':
      return Number.POSITIVE_INFINITY;
  }
}

function heredocsOf(instruction: Instruction): readonly Heredoc[] {
  return instruction.name === 'ONBUILD' ? (instruction.trigger?.heredocs ?? []) : instruction.heredocs;
}

/** The closing delimiter is part of what is fixed. */
function fixBody(dockerfile: Dockerfile, heredoc: Heredoc, kinds: LineKind[]): void {
  const { lines } = dockerfile;
  const last = lines.positionAt(heredoc.bodySpan.end).line;
  for (let line = lines.positionAt(heredoc.bodySpan.start).line; line <= last; line += 1)
    kinds[line] = 'fixed';
}

function lineChanges(dockerfile: Dockerfile, line: number, kind: LineKind): TextChange[] {
  const { start, end } = dockerfile.lines.lineSpan(line);
  const content = dockerfile.text.slice(start, end);
  const trimmed = content.trim();
  const lead = content.length - content.trimStart().length;
  const trail = trimmed === '' ? end : start + lead + trimmed.length;
  const changes: TextChange[] = [];
  if (trimmed !== '')
    changes.push({ span: { start, end: start + lead }, text: indentation(dockerfile, line, kind) });
  changes.push({ span: { start: trimmed === '' ? start : trail, end }, text: '' });
  return changes;
}

function indentation({ text, lines }: Dockerfile, line: number, kind: LineKind): string {
  const { start, end } = lines.lineSpan(line);
  const own = /^\s*/.exec(text.slice(start, end))?.[0] ?? '';
  if (kind === 'free') return '';
  return kind === 'continued' && own === '' && isAfterBlank(text, start) ? INDENT : own;
}

/** `a\` above `b` means `ab`, so only a line after a blank can be moved. Comment lines between do not count. */
function isAfterBlank(text: string, lineStart: number): boolean {
  const before = text
    .slice(Math.max(0, lineStart - 4096), lineStart)
    .replace(/(?:\n[ \t]*(?:#[^\n]*)?)+\n$/, '\n');
  return /[ \t][\\`][ \t]*\r?\n$/.test(before);
}

function keywordChange(instruction: Instruction | undefined): TextChange[] {
  if (instruction === undefined || instruction.name === 'UNKNOWN') return [];
  const keyword = { span: instruction.keywordSpan, text: instruction.keyword.toUpperCase() };
  if (instruction.name !== 'FROM' || instruction.asKeyword === undefined) return [keyword];
  return [keyword, { span: instruction.asKeyword.span, text: 'AS' }];
}

function finalNewline({ text }: Dockerfile): TextChange[] {
  if (text === '' || text.endsWith('\n')) return [];
  return [{ span: { start: text.length, end: text.length }, text: lineEndOf(text) }];
}
