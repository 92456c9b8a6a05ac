/**
 * Reads a Dockerfile as BuildKit's parser does: directives, logical lines, heredocs, typed instructions, stages.
 * Never fails: what BuildKit would refuse is a problem of severity `error` on the line BuildKit names, and reading goes on behind it.
 * BuildKit stops at its first error; this reader lists all of them. One linear pass.
 */

import { goQuote } from './go-quote.ts';
import { lineIndex, type Parsed, type Problem } from '../source.ts';
import { isSeparator, skipSpace, trimSpaceEnd } from './blanks.ts';
import { readDirectives } from './directives.ts';
import { readFlags } from './flags.ts';
import { readHeredocs } from './heredocs.ts';
import { instructionSpec } from './instructions/index.ts';
import type { ReadContext } from './instructions/spec.ts';
import { commentAt, isCommentLine, physicalLine, readLogicalLine, tooLongLine } from './logical-lines.ts';
import { type GroupedStages, groupStages } from './stages.ts';
import { withShortWords } from './cut-words.ts';
import type { Comment, Dockerfile, Heredoc, Instruction, InstructionBase, LogicalLine } from './types.ts';
import { meantInstruction } from './unknown-instruction.ts';
import { expandableTexts, expansionFault, mayExpand, sourceSpan } from './variables.ts';
import { jsonArray } from './words.ts';

/** Reads the whole text. Spans are offsets into it, a leading byte order mark included. */
export function readDockerfile(text: string): Parsed<Dockerfile> {
  const lines = lineIndex(text);
  const { directives, escape, problems: directiveProblems, lineStarts } = readDirectives(text);
  const problems: Problem[] = [...directiveProblems];
  const comments: Comment[] = [];
  const instructions: Instruction[] = [];
  const isFirst = (): boolean => instructions.length === 0;
  const context = readContext(text, { lines, escape, problems, isFirst });
  let above: Comment[] | undefined;
  let line = 0;
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length) {
    const { end, next } = physicalLine(text, at);
    if (isCommentLine(text, at, end)) {
      if (!lineStarts.has(at)) {
        const comment = commentAt(text, at, end, false);
        comments.push(comment);
        if (comment.text === '') above = undefined;
        else if (above === undefined) above = [comment];
        else above.push(comment);
      }
      line += 1;
      at = next;
      continue;
    }
    const start = skipSpace(text, at, end);
    if (start === end) {
      line += 1;
      at = next;
      continue;
    }
    const read = readInstructionAt({ text, start, line, above: above ?? NONE }, context, comments);
    instructions.push(read.instruction);
    line += read.nLines;
    at = read.next;
    above = undefined;
  }
  const stages = groupStages(instructions, text, problems);
  const told = withLongLine(problems, instructions, text);
  return {
    value: dockerfileOf({ text, lines, escape, directives, comments, instructions }, stages),
    problems: withShortWords(told.toSorted((left, right) => left.span.start - right.span.start)),
  };
}

/** Most instructions have none of what they may have several of. */
const NONE: readonly never[] = [];

function dockerfileOf(read: Omit<Dockerfile, 'preamble' | 'stages'>, stages: GroupedStages): Dockerfile {
  return { ...read, ...stages };
}

interface InstructionStart {
  readonly text: string;
  readonly start: number;
  readonly line: number;
  readonly above: readonly Comment[];
}

interface ReadInstruction {
  readonly instruction: Instruction;
  readonly next: number;
  readonly nLines: number;
}

function readInstructionAt(
  from: InstructionStart,
  context: CountingContext,
  comments: Comment[],
): ReadInstruction {
  const { text, start, line, above } = from;
  const read = readLogicalLine(text, start, context.escape);
  for (const comment of read.comments) comments.push(comment);
  const parts = splitInstruction(read.logical, 0, context.escape);
  const { flags, keyword, keywordSpan, rest } = parts;
  const hasHeredocs = read.logical.text.includes('<<') && canHoldHeredocs(parts, context.escape);
  const docs = hasHeredocs ? readHeredocs(text, read.logical, read.next) : undefined;
  if (docs !== undefined) for (const heredoc of docs.heredocs) reportUnterminated(heredoc, context);
  const base: InstructionBase = {
    keyword,
    keywordSpan,
    flags,
    rest,
    span: { start: keywordSpan.start, end: Math.max(docs?.end ?? 0, read.logical.span.end) },
    line,
    heredocs: docs?.heredocs ?? NONE,
    commentsAbove: above,
    emptyContinuationLines: read.emptyLines,
  };
  return {
    instruction: typedInstruction(base, context),
    next: docs?.next ?? read.next,
    nLines: read.nLines + (docs?.nLines ?? 0),
  };
}

type InstructionParts = Pick<InstructionBase, 'keyword' | 'keywordSpan' | 'flags' | 'rest'>;

/** Keyword, flags and the rest of a logical line, from `from` on. */
function splitInstruction(line: LogicalLine, from: number, escape: string): InstructionParts {
  const { text } = line;
  const start = skipSpace(text, from, text.length);
  const end = trimSpaceEnd(text, start, text.length);
  let keywordEnd = start;
  while (keywordEnd < end && !isSeparator(text.charCodeAt(keywordEnd))) keywordEnd += 1;
  const { flags, restStart } = readFlags(end === text.length ? line : line.part(0, end), keywordEnd, escape);
  const trimmed = Math.min(skipSpace(text, restStart, end), end);
  return {
    keyword: text.slice(start, keywordEnd),
    keywordSpan: line.spanOf(start, keywordEnd),
    flags,
    rest: line.part(trimmed, end),
  };
}

/** RUN, COPY and ADD, also behind ONBUILD, unless their arguments are a JSON array. */
function canHoldHeredocs(parts: InstructionParts, escape: string): boolean {
  const spec = instructionSpec(parts.keyword);
  if (spec === undefined || !spec.hasHeredocs) return false;
  if (spec.name === 'ONBUILD') {
    const trigger = splitInstruction(parts.rest, 0, escape);
    return instructionSpec(trigger.keyword)?.name !== 'ONBUILD' && canHoldHeredocs(trigger, escape);
  }
  return jsonArray(parts.rest).kind !== 'strings';
}

function reportUnterminated(heredoc: Heredoc, context: ReadContext): void {
  if (heredoc.isTerminated) return;
  const hint = `end it with a line that holds only ${heredoc.name}`;
  context.reject('E_UNTERMINATED_HEREDOC', 'unterminated heredoc', heredoc.span, { hint });
}

function typedInstruction(base: InstructionBase, context: CountingContext): Instruction {
  const spec = instructionSpec(base.keyword);
  if (spec !== undefined) {
    const nBefore = context.nRejected();
    const instruction = spec.read(base, context);
    // BuildKit's parser stops before anything is expanded.
    if (context.nRejected() === nBefore) checkExpansions(instruction, context);
    return instruction;
  }
  const { hint, instead, name } = meantInstruction(base.keyword, context.isFirst(), context.escape);
  context.refuse('E_UNKNOWN_INSTRUCTION', `unknown instruction: ${base.keyword}`, base.keywordSpan, {
    hint,
    ...(instead === undefined ? {} : { instead }),
  });
  return { ...base, name: 'UNKNOWN', ...(name === undefined ? {} : { meant: name.toUpperCase() }) };
}

/** Reports texts that cannot be expanded whatever the variables hold: an unclosed quote or brace, an unknown modifier. */
function checkExpansions(instruction: Instruction, context: ReadContext): void {
  if (!mayExpand(instruction)) return;
  for (const text of expandableTexts(instruction)) {
    const fault = expansionFault(text, context.escape);
    if (fault === undefined) continue;
    const isPlatform = instruction.name === 'FROM' && text.span.start !== instruction.image?.span.start;
    const where = isPlatform ? 'failed to process arguments for platform : ' : '';
    const message = `${where}failed to process ${goQuote(text.text)}: ${fault.message}`;
    const hint = 'escape the character if it is meant literally';
    context.refuse('E_EXPANSION', message, sourceSpan(text, fault.span), { hint });
  }
}

interface CountingContext extends ReadContext {
  /** How often `reject` was called. */
  nRejected(): number;
  /** No instruction was read yet. */
  isFirst(): boolean;
}

function readContext(
  text: string,
  {
    lines,
    escape,
    problems,
    isFirst,
  }: Pick<CountingContext, 'lines' | 'escape' | 'isFirst'> & { problems: Problem[] },
): CountingContext {
  let nRejected = 0;
  const context: CountingContext = {
    text,
    lines,
    escape,
    nRejected: () => nRejected,
    isFirst,
    reject(code, message, span, details) {
      nRejected += 1;
      problems.push({ code, severity: 'error', message, span, ...details });
    },
    refuse: (code, message, span, details) =>
      problems.push({ code, severity: 'error', message, span, ...details }),
    readTrigger(base) {
      const parts = splitInstruction(base.rest, 0, escape);
      const trigger: InstructionBase = {
        ...base,
        ...parts,
        span: { start: parts.keywordSpan.start, end: base.span.end },
        line: lines.positionAt(parts.keywordSpan.start).line,
      };
      return typedInstruction(trigger, {
        ...context,
        isFirst: () => true,
        refuse(code, message, span, details) {
          // Of a chain, who wrote it is told that it is one.
          if (trigger.keyword.toUpperCase() !== 'ONBUILD')
            problems.push({ code, severity: 'warning', message, span, ...details });
        },
        // A trigger of a trigger is not read: Docker refuses the chain anyway.
        readTrigger: (chained) => ({ ...chained, name: 'UNKNOWN' }),
      });
    },
  };
  return context;
}

/** BuildKit reads nothing of a line that is too long, and to it a file that begins with one is empty (dockerd 28.5.2). */
function withLongLine(
  problems: readonly Problem[],
  instructions: readonly Instruction[],
  text: string,
): readonly Problem[] {
  const start = tooLongLine(text);
  if (start === undefined) return problems;
  const { end } = physicalLine(text, start);
  const isFirst = instructions.every(({ span }) => span.start >= start);
  const problem: Problem = {
    code: 'E_LINE_TOO_LONG',
    severity: 'error',
    message: isFirst ? 'file with no instructions' : 'dockerfile line greater than max allowed size of 65535',
    span: { start, end },
    hint: isFirst ? 'its first line is longer than 65535 bytes' : 'break the line with the escape character',
  };
  return [...problems.filter(({ span }) => span.start < start || span.start > end), problem];
}
