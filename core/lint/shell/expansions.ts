/**
 * The variables and command substitutions of a script: which are split into words, and which names the script itself sets.
 * Where it is not certain that something is split or unset, it is said to be neither.
 */

import { type Command, forEachChild, type SyntaxNode } from 'unbash';

import type { Span } from '../../source.ts';
import { spanOf, type ShellScript, type ShellText } from './script.ts';

export interface ShellExpansion {
  /** Of the variable; undefined for a command substitution. */
  readonly name: string | undefined;
  /** Stands without quotes among the arguments of a command. */
  readonly isSplit: boolean;
  /** The text says what to do when the variable is not set: `${v:-w}`, `${v:?}`. */
  readonly isGuarded: boolean;
  readonly span: Span;
}

export interface ShellExpansions {
  /** In the order of the text. */
  readonly all: readonly ShellExpansion[];
  /** Names that the script sets; true when all its values may hold blanks or patterns. */
  readonly set: ReadonlyMap<string, boolean>;
  /** Names of which the script asks whether they are set. */
  readonly tested: ReadonlySet<string>;
  /** It runs text from elsewhere, which may set anything. */
  readonly runsOther: boolean;
}

const NO_EXPANSIONS: ShellExpansions = {
  all: [],
  set: new Map(),
  tested: new Set(),
  runsOther: false,
};

/** Never throws. */
export function readExpansions({ line, parsed: { tree } }: ShellScript): ShellExpansions {
  if (tree === undefined || !mayExpand(line)) return NO_EXPANSIONS;
  const found = tree.once(expansionsIn);
  return { ...found, all: found.all.map((expansion) => new PlacedExpansion(expansion, line)) };
}

function expansionsIn(root: SyntaxNode): Found {
  const found: Found = { all: [], set: new Map(), tested: new Set(), runsOther: false };
  visit(root, false, found);
  found.all.sort((left, right) => left.pos - right.pos);
  return found;
}

/** False for scripts with nothing to expand, told without reading them. */
export function mayExpand({ text }: ShellText): boolean {
  return /[$`]/.test(text);
}

interface FoundExpansion extends Omit<ShellExpansion, 'span'> {
  /** In the script. */
  readonly pos: number;
  readonly end: number;
}

interface Found {
  readonly all: FoundExpansion[];
  readonly set: Map<string, boolean>;
  readonly tested: Set<string>;
  runsOther: boolean;
}

function visit(node: SyntaxNode, isArgument: boolean, found: Found): void {
  if (node.type === 'Command') {
    visitCommand(node, found);
    return;
  }
  if (node.type === 'Word' && !/[$`(]/.test(node.text)) return;
  // What a list or an expansion gives may hold anything; a text only what is written.
  if (node.type === 'Assignment')
    setVariable(node.name, /[$`*?[\s]|^\(/.test(node.text.slice(node.name.length)), found);
  if (node.type === 'For')
    setVariable(node.name.text, node.wordlist?.some(({ text }) => /[$`*?[]/.test(text)) ?? true, found);
  if (node.type === 'SimpleExpansion') add(node, node.text.slice(1), { isSplit: isArgument }, found);
  if (node.type === 'CommandExpansion') add(node, undefined, { isSplit: isArgument }, found);
  if (node.type === 'ParameterExpansion') visitParameter(node, isArgument, found);
  // A word is where its parts are, and so is the target of a redirection; quotes and all else keep words whole.
  const isThere = node.type === 'Redirect' || (node.type === 'Word' && isArgument);
  forEachChild(node, (child) => visit(child, isThere, found));
}

function visitParameter(
  node: Extract<SyntaxNode, { type: 'ParameterExpansion' }>,
  isArgument: boolean,
  found: Found,
): void {
  const { index, operation, parameter, prefix } = node;
  const operator = operation?.type === 'Default' ? operation.operator : '';
  if (operator.endsWith('=')) setVariable(parameter, true, found);
  // A length and one word of an array are never split; `${v+w}` is written where that is wanted.
  const isWhole = prefix === undefined && index === undefined && !operator.endsWith('+');
  const isGuarded = operator !== '' || prefix !== undefined;
  add(node, parameter, { isSplit: isArgument && isWhole, isGuarded }, found);
}

function visitCommand(node: Command, found: Found): void {
  const name = node.name?.text ?? '';
  if (/^(?:\.|source|eval)$/.test(name)) found.runsOther = true;
  if (SETTERS.has(name)) for (const { text } of node.args) setNamed(text, found);
  if (/^(?:\[|test)$/.test(name)) for (const { text } of node.args) addTested(text, found);
  if (node.name) visit(node.name, false, found);
  for (const child of node.prefix) visit(child, false, found);
  for (const child of node.suffix) visit(child, true, found);
}

/** Builtins whose arguments are names of variables that they set. */
const SETTERS: ReadonlySet<string> = new Set(
  'declare export getopts local mapfile printf read readarray readonly typeset'.split(' '),
);

function setNamed(text: string, found: Found): void {
  const name = /^[A-Za-z_]\w*(?==|$)/.exec(text)?.[0];
  if (name !== undefined) setVariable(name, true, found);
}

/** `$name`, also in quotes or braces. */
function addTested(text: string, found: Found): void {
  const name = /^"?\$\{?([A-Za-z_]\w*)\}?"?$/.exec(text)?.[1];
  if (name !== undefined) found.tested.add(name);
}

/** Of several values, one without blanks is enough to say nothing. */
function setVariable(name: string, mayHoldBlanks: boolean, found: Found): void {
  found.set.set(name, mayHoldBlanks && found.set.get(name) !== false);
}

function add(
  { end, pos }: { readonly pos: number; readonly end: number },
  name: string | undefined,
  { isGuarded = false, isSplit }: { readonly isSplit: boolean; readonly isGuarded?: boolean },
  { all }: Found,
): void {
  all.push({ name, isSplit, isGuarded, pos, end });
}

/** A class, because few are reported: where they stand in the Dockerfile is found out when one asks. */
class PlacedExpansion implements ShellExpansion {
  readonly #found: FoundExpansion;
  readonly #line: ShellText;

  constructor(found: FoundExpansion, line: ShellText) {
    this.#found = found;
    this.#line = line;
  }

  get name(): string | undefined {
    return this.#found.name;
  }

  get isSplit(): boolean {
    return this.#found.isSplit;
  }

  get isGuarded(): boolean {
    return this.#found.isGuarded;
  }

  get span(): Span {
    return spanOf(this.#found, this.#line);
  }
}
