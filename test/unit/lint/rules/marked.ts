/** Checks of one rule over Dockerfiles whose faults are marked: «around the exact words». No mark: nothing may be found. */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../../core/dockerfile/read.ts';
import type { Finding, LintOptions } from '../../../../core/lint/rule.ts';
import { DEFAULT_LINT_OPTIONS, lintDockerfile } from '../../../../core/lint/run.ts';

export interface RuleTable {
  readonly id: string;
  readonly options?: Partial<LintOptions>;
  readonly cases: readonly string[];
}

/** Every rule set that is not `naru` runs the rule, superseded or not. */
export function checkTable({ cases, id, options }: RuleTable): void {
  for (const marked of cases) {
    const { spans, text } = readMarks(marked);
    const found = findingsOf(id, text, options)
      .map(({ span }) => text.slice(span.start, span.end))
      .sort();
    const wanted = spans.map(({ end, start }) => text.slice(start, end)).sort();
    assert.deepEqual(found, wanted, `${id}: ${marked}`);
    const starts = findingsOf(id, text, options).map(({ span }) => span.start);
    assert.deepEqual(
      starts.sort(byNumber),
      spans.map(({ start }) => start).sort(byNumber),
      `${id}: ${marked}`,
    );
  }
}

/** Applies the fix of the first finding of the rule; undefined if it offers none. */
export function fixed(id: string, text: string): string | undefined {
  const fix = findingsOf(id, text)[0]?.fix;
  if (fix === undefined) return undefined;
  let result = text;
  for (const { span, text: replacement } of fix.edits.toReversed()) {
    result = result.slice(0, span.start) + replacement + result.slice(span.end);
  }
  return result;
}

export function findingsOf(id: string, text: string, options?: Partial<LintOptions>): readonly Finding[] {
  const { value } = readDockerfile(text);
  return lintDockerfile(value, 'all', { ...DEFAULT_LINT_OPTIONS, ...options }).filter(
    ({ ruleId }) => ruleId === id,
  );
}

function readMarks(marked: string): {
  readonly text: string;
  readonly spans: readonly { readonly start: number; readonly end: number }[];
} {
  const spans: { start: number; end: number }[] = [];
  let text = '';
  for (const part of marked.split(/(?=[«»])/)) {
    if (part.startsWith('«')) spans.push({ start: text.length, end: text.length });
    const last = spans.at(-1);
    if (part.startsWith('»') && last !== undefined) last.end = text.length;
    text += part.replace(/^[«»]/, '');
  }
  return { text, spans };
}

function byNumber(left: number, right: number): number {
  return left - right;
}
