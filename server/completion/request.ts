/** Where completion was asked for: the instruction that is being written, and the word before the cursor. */

import type { Dockerfile, Instruction } from '../../core/dockerfile/types.ts';
import { GLOBAL, placed, type VariablePlace } from '../../core/dockerfile/variable-uses.ts';
import type { Span } from '../../core/source.ts';
import { instructionAt } from '../cursor.ts';
import type { OpenDocument } from '../documents.ts';

export interface CompletionRequest {
  readonly document: OpenDocument;
  readonly offset: number;
  /** Absent where a new instruction would start. For ONBUILD this is the trigger, once its keyword is complete. */
  readonly instruction: Instruction | undefined;
  /** -1 before the first FROM. */
  readonly stage: number;
  /** From where a variable that is written here is looked up. */
  readonly place: VariablePlace;
  /** What was typed of the word, up to the cursor. */
  readonly typed: string;
  /** The typed part of the word: what an item replaces. */
  readonly span: Span;
  /** Words between the keyword and the typed one, flags included. */
  readonly wordsBefore: readonly string[];
}

/** Only blanks and continuations may lie between an instruction and a cursor that still belongs to it. */
const STILL_INSIDE = /^[ \t]*(?:[\\`][ \t]*\r?\n[ \t]*)*$/;

/** What the reader skips while a continued line waits for its next one. */
const SKIPPED = /^(?:\s|#[^\n]*(?:\n|$))*$/;

export function completionRequest(document: OpenDocument, offset: number): CompletionRequest {
  const { dockerfile } = document;
  const outer = instructionAround(document, offset);
  const trigger = outer?.name === 'ONBUILD' ? outer.trigger : undefined;
  const instruction = trigger !== undefined && offset > trigger.keywordSpan.end ? trigger : outer;
  const isKeyword = instruction === undefined || offset <= instruction.keywordSpan.end;
  const start = isKeyword
    ? dockerfile.lines.lineSpan(dockerfile.lines.positionAt(offset).line).start
    : instruction.keywordSpan.end;
  const before = dockerfile.text.slice(start, offset);
  const typed = /\S*$/.exec(before)?.[0] ?? '';
  const words = before.slice(0, before.length - typed.length).split(/(?:[\s]|[\\`]\r?\n)+/);
  const stage = dockerfile.stages.findLastIndex(({ from }) => from.span.start <= offset);
  return {
    document,
    offset,
    instruction: isKeyword ? undefined : instruction,
    stage,
    place: outer === undefined ? { stage } : placeOf(outer, stage),
    typed,
    span: { start: offset - typed.length, end: offset },
    wordsBefore: words.filter((word) => word !== '' && word !== '\\'),
  };
}

function placeOf(outer: Instruction, stage: number): VariablePlace {
  return outer.name === 'FROM' ? { stage: GLOBAL } : { stage, ...placed(outer).place };
}

function instructionAround(document: OpenDocument, offset: number): Instruction | undefined {
  const { dockerfile } = document;
  const containing = instructionAt(dockerfile, offset);
  if (containing !== undefined) return containing;
  const previous = dockerfile.instructions.findLast((candidate) => candidate.span.end <= offset);
  if (previous === undefined) return undefined;
  const between = dockerfile.text.slice(previous.span.end, offset);
  const isInside = STILL_INSIDE.test(between) || (isContinued(dockerfile, previous) && SKIPPED.test(between));
  return isInside ? previous : undefined;
}

/** Its last line ends in a lone escape character. */
function isContinued({ escape, text }: Dockerfile, { heredocs, span }: Instruction): boolean {
  const written = text.slice(span.start, span.end).trimEnd();
  return heredocs.length === 0 && written.endsWith(escape) && !written.endsWith(escape + escape);
}
