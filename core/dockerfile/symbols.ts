/**
 * The names a Dockerfile declares and where they are used: stages, and the variables of ARG and ENV.
 * Scopes follow Docker: an ARG above the first FROM is seen by FROMs and by stages that declare it again; a stage inherits the variables of the stage it starts from.
 * ONBUILD triggers are left out: their names belong to another build.
 */

import type { Span } from '../source.ts';
import { stageReferences } from './stage-references.ts';
import type { Dockerfile, Instruction, Stage } from './types.ts';
import { type VariableReference, variableReferences } from './variable-references.ts';

/** Of the preamble, in `Occurrence.stage`. */
const GLOBAL = -1;

export interface Occurrence {
  readonly span: Span;
  readonly isDeclaration: boolean;
  /** Index of the stage it stands in; -1 before the first FROM, and for variables in a FROM. */
  readonly stage: number;
  readonly symbol: NamedSymbol;
  /** The shell of a RUN may have set a variable of this name by then. Where it surely has, there is no occurrence. */
  readonly isUnsure?: true;
  /** In an ARG or ENV: where that starts, as it does not see what it sets itself. */
  readonly seesUntil?: number;
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
  /** Names of the variables that an instruction of the stage (-1: a FROM or the preamble) can use at the offset, newest first. */
  variablesAt(stage: number, offset: number): readonly string[];
}

/** The variables that a command in shell form uses, without those that its shell has set itself; undefined where that is not known. */
export type ShellReferences = (
  instruction: Instruction,
) => readonly (VariableReference & Pick<Occurrence, 'isUnsure'>)[] | undefined;

interface Draft extends NamedSymbol {
  occurrences: Occurrence[];
}

/** Names that are used where nothing has declared them yet are not in the table. Linear in the file, but for the depth of FROM chains. */
export function symbolTable(dockerfile: Dockerfile, shellReferences: ShellReferences): SymbolTable {
  const parents = dockerfile.stages.map((stage) => parentOf(stage, dockerfile.stages));
  const symbols = [
    ...stageSymbols(dockerfile),
    ...variableSymbols(variableUses(dockerfile, shellReferences), parents),
  ].toSorted((a, b) => firstStart(a) - firstStart(b));
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
    const { seesUntil, span, stage } = occurrence;
    return (
      (seesUntil === undefined ? undefined : nearest(declarations, stage, seesUntil)) ??
      nearest(declarations, stage, span.start) ??
      declarations[0] ??
      occurrence
    );
  }

  /** Of the declarations before an offset, the one that counts in a stage. */
  function nearest(declarations: readonly Occurrence[], from: number, end: number): Occurrence | undefined {
    const earlier = declarations.filter(({ span }) => span.start < end);
    for (let stage = from; stage !== GLOBAL; stage = parents[stage] ?? GLOBAL) {
      const own = earlier.findLast((other) => other.stage === stage);
      if (own !== undefined) return own;
    }
    return earlier.findLast((other) => other.stage === GLOBAL) ?? earlier.at(-1);
  }

  function variablesAt(stage: number, offset: number): readonly string[] {
    const stages = new Set([stage]);
    for (let next = parents[stage]; next !== undefined && next !== GLOBAL; next = parents[next])
      stages.add(next);
    const declared = all.filter(
      (other) =>
        other.isDeclaration &&
        other.symbol.kind === 'variable' &&
        stages.has(other.stage) &&
        other.span.end < offset,
    );
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

/** One name in one scope, before scopes that share a variable are merged. */
class VariableScopes {
  readonly #parentKey = new Map<string, string>();

  root(key: string): string {
    let root = key;
    for (let next = this.#parentKey.get(root); next !== undefined; next = this.#parentKey.get(root))
      root = next;
    return root;
  }

  merge(key: string, other: string): void {
    const root = this.root(key);
    const otherRoot = this.root(other);
    if (root !== otherRoot) this.#parentKey.set(root, otherRoot);
  }
}

interface VariableUse extends Omit<Occurrence, 'symbol'> {
  readonly name: string;
}

function variableSymbols(uses: readonly VariableUse[], parents: readonly number[]): readonly NamedSymbol[] {
  /** By scope and name: where the first declaration stands. */
  const firsts = new Map<string, number>();
  for (const { isDeclaration, name, span, stage } of uses.toReversed())
    if (isDeclaration) firsts.set(scopeKey(stage, name), span.start);
  const scopes = new VariableScopes();
  for (const use of uses) {
    const key = scopeKey(use.stage, use.name);
    if (use.stage === GLOBAL) continue;
    for (let stage = parents[use.stage] ?? GLOBAL; stage !== GLOBAL; stage = parents[stage] ?? GLOBAL) {
      if (firsts.has(scopeKey(stage, use.name))) scopes.merge(key, scopeKey(stage, use.name));
    }
    if (use.isDeclaration && firsts.has(scopeKey(GLOBAL, use.name)))
      scopes.merge(key, scopeKey(GLOBAL, use.name));
  }
  const drafts = new Map<string, Draft>();
  for (const use of uses) {
    if (!isBound(use, parents, firsts)) continue;
    const root = scopes.root(scopeKey(use.stage, use.name));
    const symbol: Draft = drafts.get(root) ?? { kind: 'variable', name: use.name, occurrences: [] };
    drafts.set(root, symbol);
    const { name: _, ...occurrence } = use;
    symbol.occurrences.push({ ...occurrence, symbol });
  }
  return [...drafts.values()];
}

/** True for a declaration, and for a use with one before it in its stage or in one that the stage starts from. */
function isBound(
  { isDeclaration, name, span, stage }: VariableUse,
  parents: readonly number[],
  firsts: ReadonlyMap<string, number>,
): boolean {
  if (isDeclaration) return true;
  for (let other: number | undefined = stage; other !== undefined; other = parents[other]) {
    if ((firsts.get(scopeKey(other, name)) ?? span.start) < span.start) return true;
    if (parents[other] === GLOBAL) return false;
  }
  return false;
}

function scopeKey(stage: number, name: string): string {
  return `${stage} ${name}`;
}

function variableUses(dockerfile: Dockerfile, shellReferences: ShellReferences): readonly VariableUse[] {
  const uses: VariableUse[] = [];
  function add(instruction: Instruction, stage: number): void {
    for (const span of declaredSpans(instruction)) {
      uses.push({ name: dockerfile.text.slice(span.start, span.end), span, isDeclaration: true, stage });
    }
    const isSetting = instruction.name === 'ARG' || instruction.name === 'ENV';
    const sees = isSetting ? { seesUntil: instruction.span.start } : {};
    const written = variableReferences(dockerfile, instruction);
    const inShell = shellReferences(instruction);
    const outside = written.filter(({ span }) => span.end <= instruction.rest.span.start);
    for (const reference of inShell === undefined ? written : [...outside, ...inShell]) {
      uses.push({ ...reference, ...sees, isDeclaration: false, stage });
    }
  }
  for (const instruction of dockerfile.preamble) add(instruction, GLOBAL);
  for (const stage of dockerfile.stages) {
    add(stage.from, GLOBAL);
    for (const instruction of stage.instructions) add(instruction, stage.index);
  }
  return uses.toSorted((a, b) => a.span.start - b.span.start);
}

function declaredSpans(instruction: Instruction): readonly Span[] {
  if (instruction.name === 'ARG') return instruction.variables.map((variable) => variable.key.span);
  if (instruction.name === 'ENV') return instruction.pairs.map((pair) => pair.key.span);
  return [];
}
