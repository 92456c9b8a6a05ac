/** Completion in comments: parser directives where they count, and the comments that silence rules. */

import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver/node';

import { RULES } from '../../core/lint/rules/index.ts';
import type { RuleFamily } from '../../core/lint/rule.ts';
import type { OpenDocument } from '../documents.ts';
import type { CompletionRequest } from './request.ts';

export interface CommentItems {
  /** What the items replace, up to the cursor. */
  readonly typed: string;
  readonly items: CompletionItem[];
}

/** Undefined outside comments, and in those that belong to an instruction. */
export function commentItems({ document, instruction, offset }: CompletionRequest): CommentItems | undefined {
  const { dockerfile } = document;
  const { line } = dockerfile.lines.positionAt(offset);
  const { start } = dockerfile.lines.lineSpan(line);
  const comment = /^[ \t]*#([ \t]*)(.*)$/.exec(dockerfile.text.slice(start, offset));
  if (comment === null || instruction !== undefined) return undefined;
  const [, blanks = '', text = ''] = comment;
  const isAtTop = mayHoldDirective(document, line);
  const list =
    /^(?:(hadolint|naru)\s+(?:(?:global|stage)\s+)?ignore|(check)\s*=\s*(?:.*;)?skip)\s*=\s*(?:.*,)?\s*([^,;]*)$/.exec(
      text,
    );
  if (list !== null) {
    const [, tool, check, typed = ''] = list;
    const all = check === undefined ? [] : [{ label: 'all', detail: 'every check' }];
    return { typed, items: [...all, ...ruleItems(FAMILIES[tool ?? 'check'])] };
  }
  const check = /^check\s*=\s*(?:.*;)?([^=;]*)$/.exec(text)?.[1];
  if (check !== undefined) return { typed: check, items: words(['skip=', 'error=true', 'experimental=all']) };
  const value = isAtTop ? /^(syntax|escape)\s*=\s*(\S*)$/.exec(text) : null;
  if (value !== null) return { typed: value[2] ?? '', items: words(VALUES[value[1] ?? ''] ?? []) };
  if (!/^[\w ]*$/.test(text)) return { typed: '', items: [] };
  const free = isAtTop ? DIRECTIVES.filter((name) => !hasDirective(document, name, line)) : [];
  const lead = blanks === '' ? ' ' : '';
  return { typed: text, items: words([...free, ...PRAGMAS], lead) };
}

const DIRECTIVES = ['syntax=docker/dockerfile:1', 'check=', 'escape='];
const PRAGMAS = ['hadolint ignore=', 'hadolint global ignore=', 'naru ignore=', 'check=skip='];

const VALUES: Readonly<Record<string, readonly string[]>> = {
  syntax: ['docker/dockerfile:1', 'docker/dockerfile:1-labs'],
  escape: ['\\', '`'],
};

/** Whose rules a comment can silence; absent: everybody's. */
const FAMILIES: Readonly<Record<string, readonly RuleFamily[]>> = {
  hadolint: ['hadolint', 'shellcheck'],
  check: ['buildkit'],
};

function ruleItems(families: readonly RuleFamily[] | undefined): CompletionItem[] {
  return RULES.filter(({ family }) => families?.includes(family) ?? true).map(({ id, message, why }) => ({
    label: id,
    kind: CompletionItemKind.EnumMember,
    detail: message,
    documentation: { kind: 'markdown', value: why },
  }));
}

/** Directives stand in an unbroken run from the top, behind a `#!` line at most. */
function mayHoldDirective({ dockerfile: { directives, lines, text } }: OpenDocument, line: number): boolean {
  const { start } = lines.lineSpan(line);
  const above = directives.filter(({ span }) => span.start < start).length;
  return above === line - (text.startsWith('#!') ? 1 : 0);
}

function hasDirective(document: OpenDocument, written: string, line: number): boolean {
  const name = written.slice(0, written.indexOf('='));
  const { directives, lines } = document.dockerfile;
  return directives.some(
    (directive) => directive.name === name && lines.positionAt(directive.span.start).line !== line,
  );
}

function words(texts: readonly string[], lead = ''): CompletionItem[] {
  return texts.map((text) => ({
    label: text,
    kind: CompletionItemKind.Keyword,
    insertText: `${lead}${text}`,
    filterText: `${lead}${text}`,
  }));
}
