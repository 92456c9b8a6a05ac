/** Completion of flags, of their values, and of the keys of a mount. */

import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver/node';

import { instructionSpec } from '../../core/dockerfile/instructions/index.ts';
import type { FlagKeySpec, FlagSpec, ValueSpec } from '../../core/dockerfile/instructions/spec.ts';
import type { CompletionRequest } from './request.ts';
import { stageItems } from './stages.ts';

/** Undefined when the cursor is not in a flag. */
export function flagItems(request: CompletionRequest): CompletionItem[] | undefined {
  const { instruction, typed, wordsBefore } = request;
  const specs = instructionSpec(instruction?.name ?? '')?.flags ?? [];
  if (!'--'.startsWith(typed.slice(0, 2)) || typed === '') return undefined;
  if (specs.length === 0 || wordsBefore.some((word) => !word.startsWith('--'))) return undefined;
  const match = /^--([a-z-]+)=(.*)$/.exec(typed);
  if (match === null) return specs.map(flagItem);
  const spec = specs.find((candidate) => candidate.name === match[1]);
  return spec === undefined ? [] : valueItems(request, spec, match[2] ?? '');
}

/** What precedes the last comma stays: the editor replaces only what `typedPart` answers. */
export function typedPart(typed: string): string {
  return /[^,=]*$/.exec(typed)?.[0] ?? typed;
}

function flagItem(spec: FlagSpec): CompletionItem {
  return {
    label: `--${spec.name}`,
    kind: CompletionItemKind.Property,
    documentation: { kind: 'markdown', value: spec.summary },
    insertText: spec.kind === 'boolean' ? `--${spec.name}` : `--${spec.name}=`,
  };
}

function valueItems(request: CompletionRequest, spec: FlagSpec, value: string): CompletionItem[] {
  if (spec.keys !== undefined) return keyItems(request, spec.keys, value);
  if (spec.name === 'from') return stageItems(request);
  return (spec.values ?? []).map(valueItem);
}

function keyItems(request: CompletionRequest, keys: readonly FlagKeySpec[], value: string): CompletionItem[] {
  const pair = /(?:^|,)([a-z-]+)=[^,]*$/.exec(value);
  if (pair !== null) {
    if (pair[1] === 'from') return stageItems(request);
    return (keys.find((key) => key.name === pair[1])?.values ?? []).map(valueItem);
  }
  const type = /(?:^|,)type=([a-z]+)/.exec(value)?.[1];
  const fitting = keys.filter(
    (key) => key.types === undefined || type === undefined || key.types.includes(type),
  );
  return fitting
    .filter((key) => !new RegExp(`(?:^|,)${key.name}(?:=|,)`).test(value))
    .map((key) => ({
      label: key.name,
      kind: CompletionItemKind.Property,
      documentation: { kind: 'markdown', value: key.summary },
      insertText: `${key.name}=`,
    }));
}

function valueItem({ value, summary }: ValueSpec): CompletionItem {
  return { label: value, kind: CompletionItemKind.EnumMember, documentation: summary };
}
