/**
 * The names a Dockerfile declares and where they are used: stages, and the variables of ARG and ENV.
 * Scopes follow Docker (variable-scopes.ts). A trigger of ONBUILD uses variables of this file, but no stages: those belong to another build.
 */

import type { Span } from '../source.ts';
import { stageReferences } from './stage-references.ts';
import type { Dockerfile, Stage } from './types.ts';
import { isSeen, scopeOf, VariableScopes } from './variable-scopes.ts';
import { variableGroups } from './variable-symbols.ts';
import {
  GLOBAL,
  type ShellReferences,
  type VariablePlace,
  type VariableUse,
  variableUses,
} from './variable-uses.ts';

export type { ShellReferences } from './variable-uses.ts';

export interface Occurrence extends Omit<VariableUse, 'name'> {
  readonly span: Span;
  readonly isDeclaration: boolean;
  readonly symbol: NamedSymbol;
}

export interface NamedSymbol {
  readonly kind: 'stage' | 'variable';
  /** As first declared. */
  readonly name: string;
  /** In file order. */
  readonly occurrences: readonly Occurrence[];
}

export interface SymbolTable {
  /** In the order of their first occurrence. */
  readonly symbols: readonly NamedSymbol[];
  /** The occurrence that contains the offset or ends at it. */
  at(offset: number): Occurrence | undefined;
  /** Where the name used at this occurrence gets its value or meaning from; itself when nothing nearer is known. */
  definitionOf(occurrence: Occurrence): Occurrence;
  /** Names of the variables that can be used at a place before the offset, newest first. */
  variablesAt(place: VariablePlace, offset: number): readonly string[];
}

interface Draft extends NamedSymbol {
  occurrences: Occurrence[];
}

/** Names that are used where nothing has declared them yet are not in the table. Linear in the file, but for the depth of FROM chains. */
export function symbolTable(dockerfile: Dockerfile, shellReferences: ShellReferences): SymbolTable {
  const parents = dockerfile.stages.map((stage) => parentOf(stage, dockerfile.stages));
  const scopes = new VariableScopes(parents);
  const variables = variableGroups(variableUses(dockerfile, shellReferences), scopes).map(variableSymbol);
  const symbols = [...stageSymbols(dockerfile), ...variables].toSorted(
    (a, b) => firstStart(a) - firstStart(b),
  );
  const all = symbols.flatMap((symbol) => symbol.occurrences).toSorted((a, b) => a.span.start - b.span.start);

  function at(offset: number): Occurrence | undefined {
    let low = 0;
    let high = all.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((all[middle]?.span.end ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    const candidate = all[low];
    return candidate !== undefined && candidate.span.start <= offset ? candidate : undefined;
  }

  function definitionOf(occurrence: Occurrence): Occurrence {
    const declarations = occurrence.symbol.occurrences.filter((other) => other.isDeclaration);
    const [first = occurrence] = declarations;
    if (occurrence.symbol.kind === 'stage') return first;
    const { isTriggered, seesUntil = occurrence.span.start, setBy, span } = occurrence;
    const global = declarations.findLast((other) => other.stage === GLOBAL && other.span.start < span.start);
    // An ARG takes the value of the global one, whatever its stage has set before.
    if (setBy === 'ARG' && isTriggered !== true && global !== undefined) return global;
    const nearest = scopes.nearest(declarations, occurrence, seesUntil);
    // A stage does not see the global one; what it sets there itself is nearer.
    const isUnseen = nearest?.stage === GLOBAL && occurrence.stage !== GLOBAL;
    return (isUnseen ? undefined : nearest) ?? scopes.nearest(declarations, occurrence, span.start) ?? first;
  }

  function variablesAt(place: VariablePlace, offset: number): readonly string[] {
    const seen = new Set(scopes.seenFrom(place));
    const declared = all.filter((other) => {
      if (other.setBy === undefined || !seen.has(scopeOf(other))) return false;
      if (place.isInContainer === true && other.setBy === 'ARG') return false;
      return isSeen(other, scopeOf(other), place, other.span.end < offset);
    });
    return [...new Set(declared.toReversed().map((other) => other.symbol.name))];
  }
  return { symbols, at, definitionOf, variablesAt };
}

function firstStart(symbol: NamedSymbol): number {
  return symbol.occurrences[0]?.span.start ?? 0;
}

/** The earlier stage this one starts from; GLOBAL when it starts from an image. */
function parentOf(stage: Stage, stages: readonly Stage[]): number {
  const image = stage.from.image?.text.toLowerCase();
  const earlier = stages.slice(0, stage.index);
  return earlier.findLast((other) => other.name?.toLowerCase() === image)?.index ?? GLOBAL;
}

function stageSymbols(dockerfile: Dockerfile): readonly NamedSymbol[] {
  const latest = new Map<string, Draft>();
  const byIndex: (Draft | undefined)[] = [];
  const drafts: Draft[] = [];
  for (const stage of dockerfile.stages) {
    for (const reference of [stage.from, ...stage.instructions].flatMap(stageReferences)) {
      const symbol = latest.get(reference.name.toLowerCase()) ?? byIndex[indexOf(reference.name)];
      symbol?.occurrences.push({ span: reference.span, isDeclaration: false, stage: stage.index, symbol });
    }
    if (stage.name === undefined || stage.from.stageName === undefined) continue;
    const symbol: Draft = { kind: 'stage', name: stage.name, occurrences: [] };
    const span = stage.from.stageName.span;
    symbol.occurrences.push({ span, isDeclaration: true, stage: stage.index, symbol });
    latest.set(stage.name.toLowerCase(), symbol);
    byIndex[stage.index] = symbol;
    drafts.push(symbol);
  }
  return drafts;
}

/** `--from=0` names a stage by its place in the file. */
function indexOf(name: string): number {
  return /^\d+$/.test(name) ? Number(name) : -1;
}

function variableSymbol(uses: readonly VariableUse[]): NamedSymbol {
  const symbol: Draft = { kind: 'variable', name: uses[0]?.name ?? '', occurrences: [] };
  for (const { name: _, ...use } of uses)
    symbol.occurrences.push({ ...use, isDeclaration: use.setBy !== undefined, symbol });
  return symbol;
}
