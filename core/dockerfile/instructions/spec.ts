/**
 * What an instruction's file provides: reading into the typed node, its flags, and its texts for hover and completion.
 * Texts are English; their keys in other languages' tables are `NAME`, `NAME --flag` and `NAME --flag key`.
 */

import type { LineIndex, Span } from '../../source.ts';
import type { Instruction, InstructionBase, InstructionName } from '../types.ts';

/** A value that completion offers. */
export interface ValueSpec {
  readonly value: string;
  readonly summary: string;
}

/** One `key=value` of a comma-separated flag value, as in `--mount=type=cache,target=/x`. */
export interface FlagKeySpec {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly values?: readonly ValueSpec[];
  /** The `type=` it may be used with; absent: any. */
  readonly types?: readonly string[];
}

export interface FlagSpec {
  readonly name: string;
  /** `list`: may be repeated. */
  readonly kind: 'boolean' | 'string' | 'list';
  readonly summary: string;
  readonly values?: readonly ValueSpec[];
  readonly keys?: readonly FlagKeySpec[];
}

export interface ProblemDetails {
  readonly hint?: string;
}

/** What reading an instruction needs besides the instruction. */
export interface ReadContext {
  readonly text: string;
  readonly lines: LineIndex;
  readonly escape: '\\' | '`';
  /** Reports what BuildKit's parser refuses, in triggers of ONBUILD too. */
  reject(code: string, message: string, span: Span, details?: ProblemDetails): void;
  /** Reports what BuildKit refuses when it types the instruction; in a trigger that is a warning, as the build of this file accepts it. */
  refuse(code: string, message: string, span: Span, details?: ProblemDetails): void;
  /** Reads the trigger that stands after ONBUILD. */
  readTrigger(base: InstructionBase): Instruction | undefined;
}

export interface InstructionSpec {
  readonly name: InstructionName;
  /** Ways of writing it, `<…>` for what the user fills in. */
  readonly syntax: readonly string[];
  /** One or two sentences, Markdown. */
  readonly summary: string;
  readonly flags: readonly FlagSpec[];
  readonly hasHeredocs: boolean;
  read(base: InstructionBase, context: ReadContext): Instruction;
}

/** Where to underline a missing argument: the keyword. */
export function refuseCount(
  base: InstructionBase,
  context: ReadContext,
  message: string,
  hint: string,
): void {
  context.refuse('E_ARGUMENT_COUNT', message, base.keywordSpan, { hint });
}
