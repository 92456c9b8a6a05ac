/**
 * Where a script uses the variables that it was started with, and where a name of theirs means one that the script has set itself.
 * The script is followed as a shell runs it: branches may be taken or not, a loop's body comes again, a subshell keeps what it sets.
 * What a sourced file or `eval` sets is not looked for.
 */

import type { AndOr, Assignment, Case, Command, For, Function, If, Select, SyntaxNode, While } from 'unbash';
import { forEachChild } from 'unbash';

import type { Span } from '../../source.ts';
import { spanOf, type ShellScript } from './script.ts';

/** given: from outside. own: set by the script. unsure: one or the other, as it comes. */
export type NameOrigin = 'given' | 'own' | 'unsure';

export interface NameUse {
  readonly name: string;
  /** Of the name alone. */
  readonly span: Span;
  readonly origin: NameOrigin;
}

/** In the order of the text; undefined where the script cannot be followed, or has nothing to expand. Never throws. */
export function readNameUses({ line, parsed: { tree } }: ShellScript): readonly NameUse[] | undefined {
  const found = tree?.once(usesIn);
  return found?.map(({ end, name, origin, pos }) => ({ name, origin, span: spanOf({ pos, end }, line) }));
}

interface FoundUse extends Omit<NameUse, 'span'> {
  readonly pos: number;
  readonly end: number;
}

function usesIn(root: SyntaxNode): readonly FoundUse[] | undefined {
  if (root.type === 'Script' && 'errors' in root && root.errors !== undefined && root.errors.length > 0)
    return undefined;
  if (setIn(root).size > MAX_NAMES) return undefined;
  const follower = new Follower(root);
  follower.follow(root, new Map());
  return follower.uses.sort((left, right) => left.pos - right.pos);
}

/** Names that a script sets; what is known of each is copied at every step. */
const MAX_NAMES = 200;

/** A name that is missing is as it was given. */
type State = ReadonlyMap<string, 'own' | 'unsure'>;

const NAME = /^[A-Za-z_]\w*$/;

/** One run over a tree; it holds what it has found. */
class Follower {
  readonly uses: FoundUse[] = [];
  readonly #root: SyntaxNode;

  constructor(root: SyntaxNode) {
    this.#root = root;
  }

  /** The state behind a node. */
  follow(node: SyntaxNode, state: State): State {
    if (ASIDE.has(node.type)) return this.#aside(node, state);
    if (node.type === 'Statement' && node.background === true) return this.#aside(node, state);
    if (node.type === 'Pipeline' && node.commands.length > 1) return this.#asides(node, state);
    if (node.type === 'AndOr') return this.#andOr(node, state);
    if (node.type === 'If') return this.#if(node, state);
    if (node.type === 'Case') return this.#case(node, state);
    if (node.type === 'While') return this.#while(node, state);
    if (node.type === 'For' || node.type === 'Select') return this.#for(node, state);
    if (node.type === 'ArithmeticFor') return join(state, this.#children(node, weaken(state, setIn(node))));
    if (node.type === 'Function') return this.#function(node, state);
    if (node.type === 'Redirected') {
      for (const redirect of node.redirects) this.follow(redirect, state);
      return this.follow(node.command, state);
    }
    if (node.type === 'Command') return this.#command(node, state);
    if (node.type === 'Assignment') return this.#assignment(node, state);
    if (node.type === 'SimpleExpansion') this.#use(node.text.slice(1), node.pos + 1, state);
    if (node.type === 'ParameterExpansion') this.#use(node.parameter, node.parameterPos, state);
    if (node.type === 'ArithmeticWord' && node.parts === undefined) {
      const [sign = '', name = ''] = /^(\$?)(\w+)/.exec(node.value)?.slice(1) ?? [];
      this.#use(name, node.pos + sign.length, state);
    }
    return this.#children(node, state);
  }

  #use(name: string, pos: number, state: State): void {
    if (!NAME.test(name)) return;
    this.uses.push({ name, pos, end: pos + name.length, origin: state.get(name) ?? 'given' });
  }

  #children(node: SyntaxNode, before: State): State {
    let state = before;
    forEachChild(node, (child) => {
      state = this.follow(child, state);
    });
    return state;
  }

  #aside(node: SyntaxNode, state: State): State {
    this.#children(node, state);
    return state;
  }

  #asides(node: SyntaxNode, state: State): State {
    forEachChild(node, (child) => void this.follow(child, state));
    return state;
  }

  #andOr({ commands, operators }: AndOr, before: State): State {
    let succeeded = before;
    let failed = before;
    for (const [nth, command] of commands.entries()) {
      if (nth === 0) {
        succeeded = this.follow(command, before);
        failed = succeeded;
      } else if (operators[nth - 1] === '&&') {
        succeeded = this.follow(command, succeeded);
        failed = join(failed, succeeded);
      } else {
        failed = this.follow(command, failed);
        succeeded = join(succeeded, failed);
      }
    }
    return join(succeeded, failed);
  }

  #if(node: If, before: State): State {
    let tested = this.follow(node.clause, before);
    const branches = [this.follow(node.then, tested)];
    for (const { clause, then } of node.elif) {
      tested = this.follow(clause, tested);
      branches.push(this.follow(then, tested));
    }
    branches.push(node.else === undefined ? tested : this.follow(node.else, tested));
    return branches.reduce(join);
  }

  #case(node: Case, before: State): State {
    const matched = this.follow(node.word, before);
    const branches = node.items.map((item) => this.#children(item, matched));
    const hasElse = node.items.some(({ pattern }) => pattern.some(({ text }) => text === '*'));
    return [...(hasElse ? [] : [matched]), ...branches].reduce(join);
  }

  #function(node: Function, before: State): State {
    // Whoever calls it may have set anything by then.
    this.#children(node, weaken(before, setIn(this.#root)));
    return weaken(before, setIn(node.body));
  }

  #while(node: While, before: State): State {
    const tested = this.follow(node.clause, weaken(before, setIn(node)));
    this.follow(node.body, tested);
    return tested;
  }

  #for(node: For | Select, before: State): State {
    for (const word of node.wordlist ?? []) this.follow(word, before);
    const start = withOwn(weaken(before, setIn(node.body)), node.name.text);
    const behind = this.follow(node.body, start);
    const runsOnce = node.wordlist?.some(({ text }) => !/[$`*?[]/.test(text)) === true;
    return runsOnce ? behind : join(before, behind);
  }

  #command(node: Command, before: State): State {
    if (node.name === undefined) return this.#children(node, before);
    // What stands before a command's name is set for that command alone.
    for (const child of node.prefix) this.#children(child, before);
    let state = this.follow(node.name, before);
    for (const child of node.suffix) state = this.follow(child, state);
    const known = KNOWN.get(node.name.text);
    if (known === undefined) return state;
    const names = node.args.flatMap((arg, nth) =>
      arg.type === 'Word' && NAME.test(arg.text) && known.isName(nth, node) ? [arg] : [],
    );
    if (known.kind === 'sets') return names.reduce((after, { text }) => withOwn(after, text), state);
    for (const { pos, text } of names) this.#use(text, pos, state);
    return state;
  }

  #assignment(node: Assignment, before: State): State {
    const state = this.#children(node, before);
    if (node.append !== true) return withOwn(state, node.name);
    this.#use(node.name, node.pos, state); // it goes on from what was there
    return state;
  }
}

/** What is run in a shell of its own, and what it sets is lost. */
const ASIDE: ReadonlySet<SyntaxNode['type']> = new Set([
  'Subshell',
  'Coproc',
  'CommandExpansion',
  'ProcessSubstitution',
  'ArithmeticCommandExpansion',
]);

interface KnownCommand {
  readonly kind: 'sets' | 'uses';
  /** Of an argument that looks like a name. */
  readonly isName: (nth: number, command: Command) => boolean;
}

const always = (): boolean => true;
const SETS: KnownCommand = { kind: 'sets', isName: always };
const USES: KnownCommand = { kind: 'uses', isName: always };

/** Builtins whose arguments are names. `export NAME=value` is an assignment already. */
const KNOWN: ReadonlyMap<string, KnownCommand> = new Map<string, KnownCommand>(
  Object.entries<KnownCommand>({
    declare: SETS,
    export: USES,
    getopts: { kind: 'sets', isName: (nth) => nth === 1 },
    local: SETS,
    mapfile: SETS,
    printf: { kind: 'sets', isName: (nth, { args }) => nth === 1 && args[0]?.text === '-v' },
    read: SETS,
    readarray: SETS,
    readonly: USES,
    typeset: SETS,
    unset: USES,
  }),
);

/** Names that are set somewhere below a node. */
function setIn(node: SyntaxNode): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (child: SyntaxNode): void => {
    if (child.type === 'Assignment' && child.append !== true) names.add(child.name);
    if (child.type === 'For' || child.type === 'Select') names.add(child.name.text);
    if (child.type === 'Command' && KNOWN.get(child.name?.text ?? '')?.kind === 'sets')
      for (const { text } of child.args) if (NAME.test(text)) names.add(text);
    // What stands before a command's name is set for that command alone.
    if (child.type === 'Command' && child.name !== undefined) child.suffix.forEach(visit);
    else forEachChild(child, visit);
  };
  visit(node);
  return names;
}

function withOwn(state: State, name: string): State {
  return new Map([...state, [name, 'own']]);
}

/** These names may have been set. */
function weaken(state: State, names: ReadonlySet<string>): State {
  const weak = new Map(state);
  for (const name of names) if (!weak.has(name)) weak.set(name, 'unsure');
  return weak;
}

function join(left: State, right: State): State {
  const joined = new Map<string, 'own' | 'unsure'>();
  for (const name of [...left.keys(), ...right.keys()]) {
    const isOwn = left.get(name) === 'own' && right.get(name) === 'own';
    joined.set(name, isOwn ? 'own' : 'unsure');
  }
  return joined;
}
