/** Hover over a stage or a variable: the instruction that declares it, and the value it has there. */

import { expand } from '../../core/dockerfile/expansion.ts';
import type { Occurrence } from '../../core/dockerfile/symbols.ts';
import type { Instruction } from '../../core/dockerfile/types.ts';
import { instructionOrTriggerAt } from '../cursor.ts';
import type { OpenDocument } from '../documents.ts';
import { code, type Explanation } from './explanation.ts';

/** The instruction that declares the name, quoted, where that is, and of a variable what it holds. */
export function explainSymbol(document: OpenDocument, occurrence: Occurrence): Explanation {
  const definition = definitionOf(document, occurrence);
  const declaring = instructionOrTriggerAt(document.dockerfile, definition.span.start);
  const lines = declaring === undefined ? '' : firstLine(document, declaring);
  const line = document.positionAt(definition.span.start).line + 1;
  const uses = occurrence.symbol.occurrences.filter((other) => !other.isDeclaration).length;
  const kind = occurrence.symbol.kind === 'stage' ? 'Stage' : 'Variable';
  const place = `${kind} of line ${line}, used ${uses === 1 ? 'once' : `${uses} times`}.`;
  const value = occurrence.symbol.kind === 'variable' ? valueText(document, occurrence, definition) : [];
  const markdown = [`\`\`\`dockerfile\n${lines}\n\`\`\`\n${place}`, ...value].join('\n\n');
  return { markdown, span: occurrence.span };
}

function firstLine(document: OpenDocument, instruction: Instruction): string {
  return document.textOf(document.dockerfile.lines.lineSpan(instruction.line)).trim();
}

function valueText(document: OpenDocument, occurrence: Occurrence, definition: Occurrence): string[] {
  if (occurrence.isInContainer === true && definition.setBy === 'ARG')
    return [notInContainer(occurrence.symbol.name)];
  if (isSelf(occurrence, definition)) return [FROM_BASE];
  const value = valueOf(document, occurrence.isDeclaration ? occurrence : definition, 0);
  if (value === undefined) return [];
  const { isArgument, text } = value;
  const shown = text === '' ? 'Empty here' : `${code(text)} here`;
  return [isArgument ? `${shown}, unless \`--build-arg\` says otherwise.` : `${shown}.`];
}

const FROM_BASE = 'Nothing above sets it: here it holds what the base image gives it, if anything.';

/** What is used and set by the same instruction, which does not see what it sets. */
function isSelf({ isDeclaration, seesUntil, span }: Occurrence, { span: { start } }: Occurrence): boolean {
  return !isDeclaration && seesUntil !== undefined && seesUntil <= start && start < span.start;
}

/** Docker: an image keeps its ENVs, and no ARG (28.5.2, test/conformance/goldens/arguments.json). */
function notInContainer(name: string): string {
  return `Not set when the container runs: an ARG counts in the build alone. ${code(`ENV ${name}=$${name}`)} below the ARG would keep its value.`;
}

/** What an ARG that is given again stands for, if it says nothing itself. */
function definitionOf(document: OpenDocument, occurrence: Occurrence): Occurrence {
  return occurrence.isDeclaration && hasOwnValue(document, occurrence)
    ? occurrence
    : document.symbols.definitionOf(occurrence);
}

function hasOwnValue({ dockerfile }: OpenDocument, { setBy, span }: Occurrence): boolean {
  const instruction = instructionOrTriggerAt(dockerfile, span.start);
  if (instruction?.name !== 'ARG') return setBy === 'ENV';
  return instruction.variables.some(({ key, value }) => key.span.start === span.start && value !== undefined);
}

interface Value {
  readonly text: string;
  /** It is, or holds, what a build argument may change. */
  readonly isArgument: boolean;
}

/** ENV and ARG that are made of each other go no deeper than this. */
const MAX_DEPTH = 20;

/** What a declaration gives; variables that come from elsewhere stay as they are written. Undefined where nothing does, or it cannot be told. */
function valueOf(document: OpenDocument, declaration: Occurrence, depth: number): Value | undefined {
  const instruction = instructionOrTriggerAt(document.dockerfile, declaration.span.start);
  if (instruction === undefined || depth > MAX_DEPTH) return undefined;
  const { start } = declaration.span;
  if (instruction.name === 'ENV') {
    const pair = instruction.pairs.find(({ key }) => key.span.start === start);
    return pair && expanded(document, instruction, pair.value.text, false, depth);
  }
  if (instruction.name !== 'ARG') return undefined;
  const variable = instruction.variables.find(({ key }) => key.span.start === start);
  if (variable?.value !== undefined) return expanded(document, instruction, variable.value.text, true, depth);
  const repeated = document.symbols.definitionOf(declaration);
  const value = repeated === declaration ? undefined : valueOf(document, repeated, depth + 1);
  return value && { ...value, isArgument: true };
}

function expanded(
  document: OpenDocument,
  instruction: Instruction,
  text: string,
  isOwnArgument: boolean,
  depth: number,
): Value | undefined {
  let isArgument = isOwnArgument;
  const lookup = (name: string): string | undefined => {
    const use = document.symbols.symbols
      .filter((symbol) => symbol.name === name)
      .flatMap(({ occurrences }) => occurrences)
      .find(({ isDeclaration, span: { end, start } }) => {
        return !isDeclaration && instruction.span.start < start && end <= instruction.span.end;
      });
    if (use === undefined) return undefined;
    const declaration = definitionOf(document, use);
    if (isSelf(use, declaration)) return undefined;
    const value = valueOf(document, declaration, depth + 1);
    isArgument ||= value?.isArgument === true;
    return value?.text;
  };
  const { escape } = document.dockerfile;
  const { fault, text: value } = expand(text, { escape, lookup, keepsUnset: true });
  return fault === undefined ? { text: value, isArgument } : undefined;
}
