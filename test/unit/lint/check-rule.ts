/** Checks one rule against texts in which `«…»` marks what it has to find; a text without marks has no finding. */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import type { LintOptions, Report, Rule } from '../../../core/lint/rule.ts';
import { DEFAULT_LINT_OPTIONS, makeContext } from '../../../core/lint/run.ts';
import { RULES } from '../../../core/lint/rules/index.ts';
import type { Span } from '../../../core/source.ts';

export function ruleNamed(id: string): Rule {
  const rule = RULES.find((known) => known.id === id);
  assert.ok(rule !== undefined, `no rule ${id}`);
  return rule;
}

/** In the order of their places. */
export function reportsOf(rule: Rule, text: string, options: Partial<LintOptions> = {}): readonly Report[] {
  const found: Report[] = [];
  const context = makeContext(readDockerfile(text).value, { ...DEFAULT_LINT_OPTIONS, ...options });
  rule.check(context, (report) => found.push(report));
  return found.sort((a, b) => a.span.start - b.span.start);
}

export function checkRule(id: string, marked: string, options: Partial<LintOptions> = {}): void {
  const text = marked.replaceAll(/[«»]/g, '');
  const reports = reportsOf(ruleNamed(id), text, options);
  assert.equal(
    withMarks(
      text,
      reports.map(({ span }) => span),
    ),
    marked,
  );
}

function withMarks(text: string, spans: readonly Span[]): string {
  let marked = '';
  let at = 0;
  for (const { end, start } of spans) {
    marked += `${text.slice(at, start)}«${text.slice(start, end)}»`;
    at = end;
  }
  return marked + text.slice(at);
}
