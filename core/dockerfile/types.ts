/**
 * The shape of a read Dockerfile: text -> logical lines -> instructions -> stages.
 * Every node carries its span in the source text, so that a finding can underline the word and not the line.
 * Reading never fails: what could not be understood is in `problems` of `readDockerfile`, and as an `UnknownInstruction`.
 * Follows BuildKit's parser (frontend/dockerfile/parser); where dockerfile-ast disagrees, this reader decides.
 */

import type { LineIndex, Span } from '../source.ts';

/** A word of an instruction. `text` has continuations removed, and quotes, escapes and `$variables` as written. */
export interface Word {
  readonly text: string;
  readonly span: Span;
}

/** `--name=value` or `--name` (value absent). Order and repetition are kept in `Instruction.flags`. */
export interface Flag {
  /** Lower case, without the dashes. BuildKit compares case-sensitively; `readDockerfile` reports the difference. */
  readonly name: string;
  /** Quotes and escapes removed, as BuildKit reads it. */
  readonly value?: string;
  readonly span: Span;
  readonly nameSpan: Span;
  readonly valueSpan?: Span;
}

export interface Heredoc {
  /** Without quotes. */
  readonly name: string;
  /** False when the delimiter was quoted: the body is then literal. */
  readonly isExpanded: boolean;
  /** `<<-`: leading tabs were stripped from `body`. */
  readonly stripsTabs: boolean;
  /** The text begins with `#!` as it is written: behind a tab it does not, also with `<<-` (dockerd 28.5.2, measured). */
  readonly hasShebang: boolean;
  readonly fileDescriptor: number;
  /** Lines with their newlines, tabs stripped if asked; variables not expanded. */
  readonly body: string;
  /** `<<-"EOF"` on the instruction's line. */
  readonly span: Span;
  readonly bodySpan: Span;
  readonly isTerminated: boolean;
}

export interface Comment {
  /** Without `#` and surrounding blanks. */
  readonly text: string;
  readonly span: Span;
  /** True for a comment line between the continued lines of an instruction. */
  readonly isInsideInstruction: boolean;
}

/** `# syntax=…`, `# escape=…`, `# check=…` at the top of the file. */
export interface Directive {
  /** Lower case. */
  readonly name: string;
  readonly value: string;
  readonly span: Span;
  readonly nameSpan: Span;
  readonly valueSpan: Span;
}

/** Text of an instruction with continuations and comment lines taken out, and the way back to the source. */
export interface LogicalLine {
  readonly text: string;
  readonly span: Span;
  /** Source offset of `text[at]`. `sourceOffset(text.length)` is the end. */
  sourceOffset(at: number): number;
  /** Span in the source of `text.slice(start, end)`; it never reaches over a continuation that follows the last character. */
  spanOf(start: number, end: number): Span;
  /** `[start, end)` as a logical line of its own. */
  part(start: number, end: number): LogicalLine;
}

export type InstructionName =
  | 'ADD'
  | 'ARG'
  | 'CMD'
  | 'COPY'
  | 'ENTRYPOINT'
  | 'ENV'
  | 'EXPOSE'
  | 'FROM'
  | 'HEALTHCHECK'
  | 'LABEL'
  | 'MAINTAINER'
  | 'ONBUILD'
  | 'RUN'
  | 'SHELL'
  | 'STOPSIGNAL'
  | 'USER'
  | 'VOLUME'
  | 'WORKDIR';

export interface InstructionBase {
  /** As written. */
  readonly keyword: string;
  readonly keywordSpan: Span;
  /** From the keyword to the end of the last line, heredoc bodies included. */
  readonly span: Span;
  /** 0-based source line where the instruction starts: the keyword's, unless lone escape characters stand on lines before it. */
  readonly line: number;
  /** Everything after keyword and flags, heredoc bodies excluded; trimmed as BuildKit trims it. */
  readonly rest: LogicalLine;
  readonly flags: readonly Flag[];
  readonly heredocs: readonly Heredoc[];
  /** Whole-line comments since the previous instruction, in file order. As in BuildKit, empty lines do not end the block, a bare `#` does; directives are not comments. */
  readonly commentsAbove: readonly Comment[];
  /** Empty lines found inside its continuation (deprecated by Docker). */
  readonly emptyContinuationLines: readonly Span[];
}

/** `["a","b"]` read as JSON, or a shell command line. JSON that does not parse is a shell command, as in Docker. */
export type CommandForm =
  | { readonly kind: 'exec'; readonly words: readonly Word[]; readonly span: Span }
  | { readonly kind: 'shell'; readonly text: string; readonly span: Span };

export interface KeyValue {
  readonly key: Word;
  /** As written, quotes kept. */
  readonly value: Word;
  /** `ENV key value` without `=`. */
  readonly isLegacy: boolean;
}

export interface FromInstruction extends InstructionBase {
  readonly name: 'FROM';
  readonly image: Word | undefined;
  readonly asKeyword: Word | undefined;
  readonly stageName: Word | undefined;
}
export interface RunInstruction extends InstructionBase {
  readonly name: 'RUN';
  readonly command: CommandForm;
}
export interface CopyInstruction extends InstructionBase {
  readonly name: 'COPY' | 'ADD';
  /** A heredoc source appears here as its `<<EOF` word too. JSON form gives the unquoted strings. */
  readonly sources: readonly Word[];
  readonly destination: Word | undefined;
  readonly isJson: boolean;
}
export interface ArgInstruction extends InstructionBase {
  readonly name: 'ARG';
  /** `value` absent: no default. Several in one ARG are allowed. */
  readonly variables: readonly { readonly key: Word; readonly value?: Word }[];
}
export interface EnvInstruction extends InstructionBase {
  readonly name: 'ENV' | 'LABEL';
  readonly pairs: readonly KeyValue[];
}
export interface CommandInstruction extends InstructionBase {
  readonly name: 'CMD' | 'ENTRYPOINT';
  readonly command: CommandForm;
}
export interface ShellInstruction extends InstructionBase {
  readonly name: 'SHELL';
  readonly command: CommandForm;
}
/** EXPOSE, VOLUME: a list of words (VOLUME may be JSON). */
export interface ListInstruction extends InstructionBase {
  readonly name: 'EXPOSE' | 'VOLUME';
  readonly values: readonly Word[];
  readonly isJson: boolean;
}
/** One argument that is the whole rest of the line. */
export interface SingleInstruction extends InstructionBase {
  readonly name: 'USER' | 'WORKDIR' | 'STOPSIGNAL' | 'MAINTAINER';
  readonly value: Word | undefined;
}
export interface HealthcheckInstruction extends InstructionBase {
  readonly name: 'HEALTHCHECK';
  /** `none`, `cmd`, or something else as written. */
  readonly type: Word | undefined;
  readonly command: CommandForm | undefined;
}
export interface OnbuildInstruction extends InstructionBase {
  readonly name: 'ONBUILD';
  /** Spans of the trigger point into the same source. */
  readonly trigger: Instruction | undefined;
}
export interface UnknownInstruction extends InstructionBase {
  readonly name: 'UNKNOWN';
  /** The name it looks like, in capitals. */
  readonly meant?: string;
}

export type Instruction =
  | FromInstruction
  | RunInstruction
  | CopyInstruction
  | ArgInstruction
  | EnvInstruction
  | CommandInstruction
  | ShellInstruction
  | ListInstruction
  | SingleInstruction
  | HealthcheckInstruction
  | OnbuildInstruction
  | UnknownInstruction;

export interface Stage {
  /** 0-based, in file order. */
  readonly index: number;
  /** As written; compare lower-cased. */
  readonly name: string | undefined;
  readonly from: FromInstruction;
  /** Without the FROM, in file order. */
  readonly instructions: readonly Instruction[];
}

export interface Dockerfile {
  readonly text: string;
  readonly lines: LineIndex;
  readonly escape: '\\' | '`';
  readonly directives: readonly Directive[];
  /** Every comment outside heredocs, in file order, directives excluded. */
  readonly comments: readonly Comment[];
  /** All instructions in file order. */
  readonly instructions: readonly Instruction[];
  /** What stands before the first FROM (ARGs, or something misplaced). */
  readonly preamble: readonly Instruction[];
  readonly stages: readonly Stage[];
}
