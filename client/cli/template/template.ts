/**
 * Templates of `--format`, in the language of Go's text/template as docker's CLI takes it, over what JSON holds.
 * A function among the data is a method: `{{.Label "name"}}`.
 */

import { suggestion } from '../../../core/dockerfile/suggestion.ts';
import { FUNCTIONS, itemsOf } from './functions.ts';
import { type Operand, parseTemplate, type Pipe, type TemplateNode } from './parse.ts';
import { templateError } from './template-error.ts';
import { isTrue, Missing, printed, type TemplateFunction } from './value.ts';

/** The text for one object. @throws NaruError "invalid-argument" for a field that is not there */
export type Template = (data: unknown) => string;

/** `overrides` stand for functions of the same name. @throws NaruError "invalid-argument" for what is no template */
export function compileTemplate(
  text: string,
  overrides: ReadonlyMap<string, TemplateFunction> = new Map(),
): Template {
  const nodes = parseTemplate(text);
  const functions = new Map([...FUNCTIONS, ...overrides]);
  return (data) => {
    const run = new Run(functions, data);
    run.block(nodes, data);
    return run.text;
  };
}

/** Ends the body of a range early. */
type Leaving = 'break' | 'continue' | undefined;

class Run {
  readonly #functions: ReadonlyMap<string, TemplateFunction>;
  /** Innermost last. `$` alone is what the template was given. */
  readonly #variables: { readonly name: string; value: unknown }[];
  text = '';

  constructor(functions: ReadonlyMap<string, TemplateFunction>, data: unknown) {
    this.#functions = functions;
    this.#variables = [{ name: '', value: data }];
  }

  /** Variables live until the end of their block. */
  block(nodes: readonly TemplateNode[], dot: unknown): Leaving {
    const nBefore = this.#variables.length;
    let leaving: Leaving;
    for (const node of nodes) {
      leaving = this.#node(node, dot);
      if (leaving !== undefined) break;
    }
    this.#variables.length = nBefore;
    return leaving;
  }

  #node(node: TemplateNode, dot: unknown): Leaving {
    switch (node.kind) {
      case 'text':
        this.text += node.text;
        return undefined;
      case 'print': {
        const value = this.#pipe(node.pipe, dot);
        if (node.pipe.variables.length === 0) this.text += printed(present(value));
        return undefined;
      }
      case 'break':
      case 'continue':
        return node.kind;
      case 'range':
        return this.#range(node, dot);
      case 'if':
      case 'with': {
        const nBefore = this.#variables.length;
        const value = this.#pipe(node.pipe, dot);
        const inside = node.kind === 'with' ? value : dot;
        const leaving = isTrue(value) ? this.block(node.body, inside) : this.block(node.otherwise, dot);
        this.#variables.length = nBefore;
        return leaving;
      }
    }
  }

  #range(node: Extract<TemplateNode, { kind: 'range' | 'if' | 'with' }>, dot: unknown): Leaving {
    const { variables } = node.pipe;
    const items = itemsOf(this.#pipe({ ...node.pipe, variables: [] }, dot));
    if (items.length === 0) return this.block(node.otherwise, dot);
    const nBefore = this.#variables.length;
    for (const [key, item] of items) {
      const values = variables.length === 2 ? [key, item] : [item];
      variables.forEach((name, index) => this.#variables.push({ name, value: values[index] }));
      const leaving = this.block(node.body, item);
      this.#variables.length = nBefore;
      if (leaving === 'break') break;
    }
    return undefined;
  }

  #pipe(pipe: Pipe, dot: unknown): unknown {
    let value: unknown;
    pipe.commands.forEach((command, index) => {
      value = this.#command(command, dot, index === 0 ? [] : [value]);
    });
    const [name] = pipe.variables;
    if (name === undefined) return value;
    if (pipe.isAssignment) this.#variable(name).value = value;
    else this.#variables.push({ name, value });
    return value;
  }

  #command([head, ...rest]: readonly Operand[], dot: unknown, last: readonly unknown[]): unknown {
    if (head === undefined) return undefined; // the parser lets no empty command through
    if (head.kind === 'function' && (head.name === 'and' || head.name === 'or')) {
      const operands = [
        ...rest.map((operand) => () => this.#operand(operand, dot)),
        ...last.map((value) => () => value),
      ];
      return firstThat(operands, head.name === 'or');
    }
    const values = [...rest.map((operand) => this.#operand(operand, dot)), ...last];
    if (head.kind === 'function') return this.#call(head.name, values);
    const value = this.#operand(head, dot, values);
    if (values.length > 0 && !this.#isMethod) throw templateError(`${nameOf(head)} takes no arguments`);
    return value;
  }

  /** Whether the operand read last was a method. */
  #isMethod = false;

  #operand(operand: Operand, dot: unknown, values: readonly unknown[] = []): unknown {
    this.#isMethod = false;
    switch (operand.kind) {
      case 'dot':
        return dot;
      case 'literal':
        return operand.value;
      case 'variable':
        return this.#variable(operand.name).value;
      case 'function':
        return this.#call(operand.name, []);
      case 'pipe':
        return this.#pipe(operand.pipe, dot);
      case 'field': {
        const value = fieldOf(this.#operand(operand.of, dot), operand.name);
        this.#isMethod = typeof value === 'function';
        return typeof value === 'function' ? (value as TemplateFunction)(...values) : value; // only listings hold functions, all of this type
      }
    }
  }

  #call(name: string, values: readonly unknown[]): unknown {
    const call = this.#functions.get(name);
    if (call === undefined)
      throw templateError(
        `there is no function ${JSON.stringify(name)}${guess(name, [...this.#functions.keys()])}`,
      );
    return call(...values);
  }

  #variable(name: string): { value: unknown } {
    const found = this.#variables.findLast((variable) => variable.name === name);
    if (found === undefined) throw templateError(`there is no variable $${name}`);
    return found;
  }
}

/** The first that decides, else the last. */
function firstThat(operands: readonly (() => unknown)[], isTrueWanted: boolean): unknown {
  let value: unknown;
  for (const operand of operands) {
    value = operand();
    if (isTrue(value) === isTrueWanted) break;
  }
  return value;
}

function fieldOf(value: unknown, name: string): unknown {
  if (value instanceof Missing) return value;
  if (typeof value !== 'object' || value === null) return new Missing(name, []);
  if (Object.hasOwn(value, name)) return Reflect.get(value, name);
  const known = Array.isArray(value) ? [] : Object.keys(value);
  // Docker: the names of Go's fields, such as APIVersion and ID, which JSON knows as ApiVersion and Id.
  const inGo = /^[A-Z]/.test(name) ? known.find((other) => isSameWithoutCase(other, name)) : undefined;
  return inGo === undefined ? new Missing(name, known) : Reflect.get(value, inGo);
}

/** @throws NaruError "invalid-argument" for a field that is not there */
function present(value: unknown): unknown {
  if (!(value instanceof Missing)) return value;
  const { name, known } = value;
  // Names of the Engine API begin with a capital; others are keys of the user's, such as labels, and may be absent.
  if (!/^[A-Z]/.test(name) && !known.some((other) => isSameWithoutCase(other, name))) return undefined;
  throw templateError(`there is no field .${name}${guess(name, known)}`);
}

function guess(name: string, known: readonly string[]): string {
  const near =
    known.find((other) => isSameWithoutCase(other, name)) ?? suggestion(name, known, 'case-sensitive');
  if (near !== undefined) return `; did you mean ${near}?`;
  return known.length === 0 || known.length > 40 ? '' : `; there are ${known.toSorted().join(', ')}`;
}

function isSameWithoutCase(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function nameOf(operand: Operand): string {
  return operand.kind === 'field' || operand.kind === 'variable' ? `.${operand.name}` : 'a value';
}
