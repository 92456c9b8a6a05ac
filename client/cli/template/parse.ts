/** The tree of a template: text, pipelines, and the blocks if, range and with. `define`, `block` and `template` are not taken. */

import { type Piece, splitTemplate, type Token } from './lex.ts';
import { templateError } from './template-error.ts';

export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly pipe: Pipe }
  | { readonly kind: 'break' | 'continue' }
  | {
      readonly kind: 'if' | 'range' | 'with';
      readonly pipe: Pipe;
      readonly body: readonly TemplateNode[];
      readonly otherwise: readonly TemplateNode[];
    };

export interface Pipe {
  /** Names without `$`; two only in `range $i, $one := …`. */
  readonly variables: readonly string[];
  /** `=` gives a new value to a variable of an outer block. */
  readonly isAssignment: boolean;
  /** Each gets the value of the one before as its last argument. */
  readonly commands: readonly (readonly Operand[])[];
}

export type Operand =
  | { readonly kind: 'dot' }
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'pipe'; readonly pipe: Pipe }
  | { readonly kind: 'field'; readonly of: Operand; readonly name: string };

/** @throws NaruError "invalid-argument" */
export function parseTemplate(text: string): readonly TemplateNode[] {
  const parser = new Parser(splitTemplate(text));
  const { nodes, end } = parser.block(0);
  if (end !== undefined) throw templateError(`{{${end.word}}} ends nothing`);
  return nodes;
}

interface BlockEnd {
  readonly word: string;
  /** After `else`. */
  readonly tokens: readonly Token[];
}

/** Blocks inside blocks; more is no template of a person. */
const MAX_DEPTH = 100;

class Parser {
  readonly #pieces: readonly Piece[];
  #next = 0;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  /** Up to `end` or `else` of its own, or the end of the template. */
  block(depth: number): { readonly nodes: readonly TemplateNode[]; readonly end: BlockEnd | undefined } {
    if (depth > MAX_DEPTH) throw templateError('blocks are nested too deep');
    const nodes: TemplateNode[] = [];
    for (;;) {
      const piece = this.#pieces[this.#next];
      if (piece === undefined) return { nodes, end: undefined };
      this.#next += 1;
      if (piece.kind === 'text') {
        nodes.push(piece);
        continue;
      }
      const [first, ...tokens] = piece.tokens;
      const word = first?.kind === 'word' ? first.value : '';
      if (word === 'end' || word === 'else') return { nodes, end: { word, tokens } };
      if (word === 'if' || word === 'range' || word === 'with')
        nodes.push(this.#control(word, tokens, depth + 1));
      else if (word === 'break' || word === 'continue') nodes.push({ kind: word });
      else nodes.push({ kind: 'print', pipe: parsePipe(piece.tokens) });
    }
  }

  #control(kind: 'if' | 'range' | 'with', tokens: readonly Token[], depth: number): TemplateNode {
    const pipe = parsePipe(tokens);
    const { nodes: body, end } = this.block(depth);
    if (end === undefined) throw templateError(`{{${kind}}} has no {{end}}`);
    if (end.word === 'end') return { kind, pipe, body, otherwise: [] };
    const [chained, ...rest] = end.tokens;
    if (chained?.kind === 'word' && chained.value === kind && kind !== 'range')
      return { kind, pipe, body, otherwise: [this.#control(kind, rest, depth + 1)] };
    const { nodes: otherwise, end: last } = this.block(depth);
    if (last?.word !== 'end') throw templateError(`{{else}} of {{${kind}}} has no {{end}}`);
    return { kind, pipe, body, otherwise };
  }
}

function parsePipe(tokens: readonly Token[]): Pipe {
  const { pipe, rest } = readPipe(tokens);
  if (rest.length > 0) throw templateError('a bracket is closed that was not opened');
  return pipe;
}

function readPipe(tokens: readonly Token[]): { readonly pipe: Pipe; readonly rest: readonly Token[] } {
  const { variables, isAssignment, after } = readVariables(tokens);
  const commands: Operand[][] = [[]];
  let rest = after;
  for (let token = rest[0]; token !== undefined; token = rest[0]) {
    const command = commands.at(-1) ?? [];
    if (token.kind === 'sign' && token.value === ')') break;
    rest = rest.slice(1);
    if (token.kind === 'sign' && token.value === '|') {
      commands.push([]);
    } else if (token.kind === 'sign' && token.value === '(') {
      const inner = readPipe(rest);
      if (inner.rest.length === 0) throw templateError('a bracket is not closed');
      rest = inner.rest.slice(1);
      command.push({ kind: 'pipe', pipe: inner.pipe });
    } else if (token.kind === 'field' && !token.isFirst) {
      const of = command.pop();
      if (of === undefined) throw templateError(`.${token.value} stands after nothing`);
      command.push({ kind: 'field', of, name: token.value });
    } else command.push(operandOf(token));
  }
  if (commands.some((command) => command.length === 0)) throw templateError('an action lacks a value');
  return { pipe: { variables, isAssignment, commands }, rest };
}

/** `$a :=`, `$a =` and `$a, $b :=` at the start. */
function readVariables(
  tokens: readonly Token[],
): Omit<Pipe, 'commands'> & { readonly after: readonly Token[] } {
  const [first, second, third, fourth] = tokens;
  if (first?.kind === 'variable' && second?.kind === 'sign') {
    if (second.value === ':=' || second.value === '=')
      return { variables: [first.value], isAssignment: second.value === '=', after: tokens.slice(2) };
    if (second.value === ',' && third?.kind === 'variable' && fourth?.kind === 'sign')
      return {
        variables: [first.value, third.value],
        isAssignment: fourth.value === '=',
        after: tokens.slice(4),
      };
  }
  return { variables: [], isAssignment: false, after: tokens };
}

const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['nil', null],
]);

function operandOf(token: Token): Operand {
  switch (token.kind) {
    case 'dot':
      return { kind: 'dot' };
    case 'string':
    case 'number':
      return { kind: 'literal', value: token.value };
    case 'variable':
      return { kind: 'variable', name: token.value };
    case 'field':
      return { kind: 'field', of: { kind: 'dot' }, name: token.value };
    case 'word': {
      const constant = CONSTANTS.get(token.value);
      return constant === undefined
        ? { kind: 'function', name: token.value }
        : { kind: 'literal', value: constant };
    }
    case 'sign':
      throw templateError(`unexpected ${token.value}`);
  }
}
