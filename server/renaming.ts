/** Which names may be changed, and to what, so that the file goes on to mean the same. Reasons are one sentence for the user. */

import { isGivenByDocker } from '../core/dockerfile/predefined-variables.ts';
import { stageReferences } from '../core/dockerfile/stage-references.ts';
import type { NamedSymbol } from '../core/dockerfile/symbols.ts';
import type { Instruction } from '../core/dockerfile/types.ts';
import { scopeOf } from '../core/dockerfile/variable-scopes.ts';
import { GLOBAL, type VariablePlace } from '../core/dockerfile/variable-uses.ts';
import type { Span } from '../core/source.ts';
import type { OpenDocument } from './documents.ts';

/** Why the name cannot be changed at all; undefined if it can. */
export function fixedName(
  document: OpenDocument,
  { kind, name, occurrences }: NamedSymbol,
): string | undefined {
  if (kind === 'stage') return undefined;
  if (isGivenByDocker(name)) return `${name} gets its value from Docker`;
  const unsure = occurrences.find(({ isUnsure }) => isUnsure);
  if (unsure === undefined) return undefined;
  return `the shell in line ${lineOf(document, unsure.span)} may have set ${name} itself before it uses it`;
}

/** Why it cannot be changed to this one; undefined if it can. */
export function unfitName(document: OpenDocument, symbol: NamedSymbol, name: string): string | undefined {
  if (name === symbol.name) return undefined;
  return symbol.kind === 'stage' ? unfitStage(document, symbol, name) : unfitVariable(document, symbol, name);
}

function unfitStage(document: OpenDocument, symbol: NamedSymbol, name: string): string | undefined {
  if (!/^[a-z][a-z0-9-_.]*$/.test(name))
    return `${name} is no stage name: lower-case letters, digits, -, _ and . only, starting with a letter`;
  if (name === 'scratch') return 'scratch is no base image at all, and the name of no stage';
  const others = document.symbols.symbols.filter((other) => other.kind === 'stage' && other !== symbol);
  const other = others.find((candidate) => candidate.name.toLowerCase() === name)?.occurrences[0];
  if (other !== undefined)
    return `${name} is the name of another stage, of line ${lineOf(document, other.span)}`;
  const start = symbol.occurrences[0]?.span.start ?? 0;
  const image = document.dockerfile.instructions
    .flatMap(stageReferences)
    .find((reference) => reference.span.start > start && reference.name.toLowerCase() === name);
  if (image === undefined || symbol.occurrences.some(({ span }) => span.start === image.span.start))
    return undefined;
  return `${name} names an image in line ${lineOf(document, image.span)}, which would be this stage then`;
}

function unfitVariable(document: OpenDocument, symbol: NamedSymbol, name: string): string | undefined {
  if (!/^[A-Za-z_]\w*$/.test(name))
    return `${name} is no variable name: letters, digits and _ only, not starting with a digit`;
  if (isGivenByDocker(name)) return `${name} gets its value from Docker`;
  const { dockerfile, symbols } = document;
  const mention = new RegExp(mentions(name));
  const own = new Set(symbol.occurrences.map(scopeOf));
  for (const place of [{ stage: GLOBAL }, ...dockerfile.stages.flatMap(({ index }) => placesOf(index))]) {
    const visible = symbols.variablesAt(place, dockerfile.text.length + 1);
    if (!own.has(scopeOf(place)) && !visible.includes(symbol.name)) continue;
    if (visible.includes(name)) return `${name} is declared in line ${declaredLine(document, place, name)}`;
    const user = instructionsOf(document, place).find(({ span }) => mention.test(document.textOf(span)));
    if (user !== undefined) return `${name} is used in line ${lineOf(document, user.keywordSpan)}`;
  }
  return undefined;
}

/** A stage itself, and the builds on its image. */
function placesOf(stage: number): readonly VariablePlace[] {
  return [{ stage }, { stage, isTriggered: true }];
}

/** `$name`, and what a shell sets: `name=`, `for name`, `read name`. */
function mentions(name: string): string {
  return `\\$\\{?${name}\\b|(?<![\\w$-])${name}\\+?=|\\b(?:for|read|export)\\b[^;&|\\n]*\\b${name}\\b`;
}

/** Those that look variables up from a place; -1: the lines above the first FROM, and every FROM. */
function instructionsOf(
  { dockerfile: { preamble, stages } }: OpenDocument,
  { stage, isTriggered }: VariablePlace,
): readonly Instruction[] {
  const own = stages[stage]?.instructions;
  if (own === undefined) return [...preamble, ...stages.map(({ from }) => from)];
  return own.filter(({ name }) => (name === 'ONBUILD') === (isTriggered === true));
}

/** The nearest declaration; of a stage that this one starts from, if it has none. */
function declaredLine(document: OpenDocument, place: VariablePlace, name: string): number {
  const declared = document.symbols.symbols
    .filter((symbol) => symbol.kind === 'variable' && symbol.name === name)
    .flatMap(({ occurrences }) => occurrences.filter(({ isDeclaration }) => isDeclaration));
  const nearest = declared.findLast((other) => scopeOf(other) === scopeOf(place)) ?? declared[0];
  return nearest === undefined ? 0 : lineOf(document, nearest.span);
}

function lineOf(document: OpenDocument, { start }: Span): number {
  return document.positionAt(start).line + 1;
}
