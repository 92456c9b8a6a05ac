/** Completion of instruction keywords and of the words that only some instructions know. */

import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver/node';

import { INSTRUCTIONS } from '../../core/dockerfile/instructions/index.ts';
import { STOP_SIGNALS } from '../../core/dockerfile/instructions/stopsignal.ts';
import { contains } from '../cursor.ts';
import type { CompletionRequest } from './request.ts';

/** Keys of the OCI image specification (annotations.md). */
const LABELS = [
  'authors',
  'base.name',
  'created',
  'description',
  'documentation',
  'licenses',
  'revision',
  'source',
  'title',
  'url',
  'vendor',
  'version',
].map((name) => `org.opencontainers.image.${name}`);

/** Keywords, written as the rest of the file writes them, or as the word that is typed where it says nothing. */
export function keywordItems(request: CompletionRequest): CompletionItem[] {
  if (request.wordsBefore.length > 0) return [];
  const isLowerCase = hasLowerCase(request);
  return INSTRUCTIONS.filter((spec) => spec.name !== 'MAINTAINER').map((spec) => {
    const keyword = isLowerCase ? spec.name.toLowerCase() : spec.name;
    return {
      label: keyword,
      kind: CompletionItemKind.Keyword,
      detail: spec.syntax[0] ?? '',
      documentation: { kind: 'markdown', value: spec.summary },
      insertText: `${keyword} `,
    };
  });
}

function hasLowerCase({ document, offset, typed }: CompletionRequest): boolean {
  const others = document.dockerfile.instructions.filter(
    ({ name, span }) => name !== 'UNKNOWN' && !contains(span, offset),
  );
  const nLower = others.filter(({ keyword }) => keyword === keyword.toLowerCase()).length;
  const nUpper = others.filter(({ keyword }) => keyword === keyword.toUpperCase()).length;
  return nLower === nUpper ? /^[a-z]/.test(typed) : nLower > nUpper;
}

/** The first word of instructions that know only a few. */
const FIRST_WORDS: Readonly<Record<string, readonly string[]>> = {
  HEALTHCHECK: ['CMD ', 'NONE'],
  STOPSIGNAL: STOP_SIGNALS.map(({ value }) => value),
  SHELL: ['["/bin/bash", "-o", "pipefail", "-c"]'],
};

/** What an instruction takes besides flags, paths and variables. */
export function wordItems(request: CompletionRequest): CompletionItem[] {
  const nWords = request.wordsBefore.filter((word) => !word.startsWith('--')).length;
  const name = request.instruction?.name ?? '';
  if (name === 'LABEL') {
    const keys = LABELS.map((label) => `${label}=`);
    return words(keys, CompletionItemKind.Property);
  }
  if (name === 'FROM' && nWords === 1) return words(['AS '], CompletionItemKind.Keyword);
  if (nWords > 0) return [];
  if (name === 'ONBUILD')
    return keywordItems({ ...request, wordsBefore: [] }).filter(
      ({ label }) => !/^(?:from|onbuild)$/i.test(label),
    );
  return words(FIRST_WORDS[name] ?? [], CompletionItemKind.EnumMember);
}

function words(texts: readonly string[], kind: CompletionItemKind): CompletionItem[] {
  return texts.map((text) => ({ label: text.replace(/[ =]$/, ''), kind, insertText: text }));
}
