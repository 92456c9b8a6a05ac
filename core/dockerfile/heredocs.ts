/**
 * Heredocs of RUN, COPY and ADD: finding their delimiters on the logical line and reading their bodies below it.
 * Follows BuildKit's heredocsFromLine: the line is lexed as Dockerfile words with `\` as escape, whatever `# escape=` says;
 * a line that cannot be lexed (an unclosed quote, `${#x}`) has no heredocs.
 * So `$((1 << 2))` begins one, and `$((1<<2))`, `<<<word` and `"<<EOF"` do not.
 */

import { type Expansion, expand } from './expansion.ts';
import { physicalLine } from './logical-lines.ts';
import type { Heredoc, LogicalLine } from './types.ts';

export interface ReadHeredocs {
  readonly heredocs: readonly Heredoc[];
  /** Offset where the first line after the bodies starts. */
  readonly next: number;
  readonly nLines: number;
  /** End of the last line consumed, without its line break; undefined if there was none. */
  readonly end: number | undefined;
}

/** A heredoc word: `3<<-"EOF"`. */
export interface HeredocWord {
  readonly name: string;
  readonly isExpanded: boolean;
  readonly stripsTabs: boolean;
  readonly fileDescriptor: number;
}

/** Reads the heredocs begun on `line`, whose bodies start at `bodyStart`. */
export function readHeredocs(text: string, line: LogicalLine, bodyStart: number): ReadHeredocs {
  const heredocs: Heredoc[] = [];
  let at = bodyStart;
  let nLines = 0;
  let end: number | undefined;
  for (const word of lex(line.text, { keepsQuotes: true, keepsEscapes: true }).words) {
    const parsed = heredocWord(word.text);
    if (parsed === undefined) continue;
    const body = readBody(text, at, parsed);
    heredocs.push({
      ...parsed,
      hasShebang: body.raw.startsWith('#!'),
      body: parsed.stripsTabs ? withoutLeadingTabs(body.raw) : body.raw,
      span: line.spanOf(word.span.start, word.span.end),
      bodySpan: { start: at, end: at + body.raw.length },
      isTerminated: body.isTerminated,
    });
    if (body.nLines > 0) end = body.end;
    nLines += body.nLines;
    at = body.next;
  }
  return { heredocs, next: at, nLines, end };
}

/** The heredoc a word begins, or undefined. */
export function heredocWord(word: string): HeredocWord | undefined {
  if (!word.includes('<<')) return undefined;
  const match = /^(\d*)<<(-?)[\t\n\f\r ]*([^<]*)$/.exec(word);
  const delimiter = match?.[3] ?? '';
  if (match === null || delimiter === '') return undefined;
  const { words } = lex(delimiter, {});
  const name = words[0];
  if (words.length !== 1 || name === undefined) return undefined;
  const quoted = lex(delimiter, { keepsQuotes: true }).words[0];
  return {
    name: name.text,
    isExpanded: nQuotes(name.text) === nQuotes(quoted?.text ?? ''),
    stripsTabs: match[2] === '-',
    fileDescriptor: Number(match[1] ?? 0),
  };
}

/** What `<<-` does to a body. */
function withoutLeadingTabs(body: string): string {
  return body.replace(/(^|\n)\t+/g, '$1');
}

function lex(
  source: string,
  keeps: { readonly keepsQuotes?: boolean; readonly keepsEscapes?: boolean },
): Expansion {
  return expand(source, { escape: '\\', lookup: () => undefined, keepsUnset: true, ...keeps });
}

function nQuotes(text: string): number {
  return text.split(/['"]/).length - 1;
}

interface Body {
  readonly raw: string;
  readonly next: number;
  readonly nLines: number;
  readonly end: number;
  readonly isTerminated: boolean;
}

function readBody(text: string, start: number, heredoc: HeredocWord): Body {
  let at = start;
  let nLines = 0;
  let lastEnd = start;
  while (at < text.length) {
    const { end, next } = physicalLine(text, at);
    nLines += 1;
    lastEnd = end;
    let from = at;
    if (heredoc.stripsTabs) while (from < end && text.charCodeAt(from) === 9) from += 1;
    if (end - from === heredoc.name.length && text.startsWith(heredoc.name, from)) {
      return { raw: text.slice(start, at), next, nLines, end, isTerminated: true };
    }
    at = next;
  }
  return { raw: text.slice(start), next: text.length, nLines, end: lastEnd, isTerminated: false };
}
