/** What stands at an offset: the instruction, and the part of it. */

import { instructionSpec } from '../core/dockerfile/instructions/index.ts';
import type { FlagKeySpec, FlagSpec } from '../core/dockerfile/instructions/spec.ts';
import type { Directive, Dockerfile, Flag, Instruction } from '../core/dockerfile/types.ts';
import type { Span } from '../core/source.ts';

export type CursorTarget =
  | { readonly kind: 'keyword'; readonly instruction: Instruction; readonly span: Span }
  | {
      readonly kind: 'flag-name';
      readonly instruction: Instruction;
      readonly flag: Flag;
      readonly span: Span;
    }
  | {
      readonly kind: 'flag-value';
      readonly instruction: Instruction;
      readonly flag: Flag;
      readonly spec: FlagSpec | undefined;
      /** The `key=value` of a comma-separated value that the offset is in. */
      readonly key: FlagKeySpec | undefined;
      /** The value of that key; without one, of the flag. */
      readonly written: string | undefined;
      readonly span: Span;
    }
  | { readonly kind: 'rest'; readonly instruction: Instruction; readonly span: Span }
  | { readonly kind: 'directive'; readonly directive: Directive; readonly span: Span }
  | { readonly kind: 'outside' };

/** Never fails: what is in no instruction and no directive is `outside`. For ONBUILD the answer is about its trigger. */
export function cursorTarget(dockerfile: Dockerfile, offset: number): CursorTarget {
  const directive = dockerfile.directives.find((candidate) => contains(candidate.span, offset));
  if (directive !== undefined) return { kind: 'directive', directive, span: directive.span };
  const outer = instructionAt(dockerfile, offset);
  if (outer === undefined) return { kind: 'outside' };
  const instruction = innermost(outer, offset);
  if (contains(instruction.keywordSpan, offset)) {
    return { kind: 'keyword', instruction, span: instruction.keywordSpan };
  }
  const flag = instruction.flags.find((candidate) => contains(candidate.span, offset));
  if (flag === undefined) return { kind: 'rest', instruction, span: instruction.rest.span };
  return flagTarget(instruction, flag, offset);
}

/** The instruction whose span contains the offset or ends there; instructions are in file order and do not overlap. */
export function instructionAt(dockerfile: Dockerfile, offset: number): Instruction | undefined {
  const { instructions } = dockerfile;
  let low = 0;
  let high = instructions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((instructions[middle]?.span.end ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  const candidate = instructions[low];
  return candidate !== undefined && candidate.span.start <= offset ? candidate : undefined;
}

/** The same, but of an ONBUILD its trigger, if the offset is in that. */
export function instructionOrTriggerAt(dockerfile: Dockerfile, offset: number): Instruction | undefined {
  const outer = instructionAt(dockerfile, offset);
  return outer && innermost(outer, offset);
}

function innermost(outer: Instruction, offset: number): Instruction {
  const trigger = outer.name === 'ONBUILD' ? outer.trigger : undefined;
  return trigger !== undefined && contains(trigger.span, offset) ? trigger : outer;
}

/** Ends included: a cursor stands between characters. */
export function contains(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}

function flagTarget(instruction: Instruction, flag: Flag, offset: number): CursorTarget {
  const { valueSpan } = flag;
  if (valueSpan === undefined || flag.value === undefined || offset < valueSpan.start) {
    return { kind: 'flag-name', instruction, flag, span: flag.nameSpan };
  }
  const spec = instructionSpec(instruction.name)?.flags.find((candidate) => candidate.name === flag.name);
  const before = flag.value.slice(0, offset - valueSpan.start);
  const start = before.lastIndexOf(',') + 1;
  const comma = flag.value.indexOf(',', start);
  const pair = flag.value.slice(start, comma < 0 ? undefined : comma);
  const equals = pair.indexOf('=');
  const name = pair.split('=', 1)[0];
  const key = spec?.keys?.find(
    (candidate) => candidate.name === name || candidate.aliases?.includes(name ?? ''),
  );
  const span = { start: valueSpan.start + start, end: valueSpan.start + start + pair.length };
  if (key === undefined)
    return { kind: 'flag-value', instruction, flag, spec, key, written: flag.value, span: valueSpan };
  const written = equals < 0 ? undefined : pair.slice(equals + 1);
  return { kind: 'flag-value', instruction, flag, spec, key, written, span };
}
