/** Completion of variables after `$` and `${`. */

import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver/node';

import { predefinedVariables } from '../../core/dockerfile/predefined-variables.ts';
import type { CompletionRequest } from './request.ts';

/** Undefined when no variable is being written. */
export function variableItems(request: CompletionRequest): CompletionItem[] | undefined {
  const match = /\$\{?\w*$/.exec(request.typed);
  if (match === null || request.instruction === undefined) return undefined;
  const { instruction, document, offset } = request;
  const isFrom = instruction.name === 'FROM';
  const declared = document.symbols.variablesAt(request.place, offset).map((name) => ({
    label: name,
    kind: CompletionItemKind.Variable,
  }));
  const predefined = predefinedVariables
    .filter((variable) => isFrom === (variable.scope === 'global'))
    .map((variable) => ({
      label: variable.name,
      kind: CompletionItemKind.Constant,
      documentation: variable.text,
      sortText: `~${variable.name}`,
    }));
  return [...declared, ...predefined];
}

/** An ARG inside a stage usually repeats one from above the first FROM, or names one of the platform. */
export function argItems(request: CompletionRequest): CompletionItem[] {
  if (request.instruction?.name !== 'ARG' || request.stage < 0 || request.typed.includes('=')) return [];
  const globals = request.document.symbols.variablesAt({ stage: -1 }, request.offset).map((name) => ({
    label: name,
    kind: CompletionItemKind.Variable,
  }));
  const platform = predefinedVariables
    .filter((variable) => variable.scope === 'global')
    .map(({ name, text }) => ({
      label: name,
      kind: CompletionItemKind.Constant,
      documentation: text,
      sortText: `~${name}`,
    }));
  return [...globals, ...platform];
}
