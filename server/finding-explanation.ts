/** Why a rule said what it said, for hovers: the reason is the rule's own. */

import type { Finding } from '../core/lint/rule.ts';
import { RULES } from '../core/lint/rules/index.ts';

/** Markdown, one paragraph for each rule; undefined when no rule is among the findings. */
export function explainFindings(findings: readonly Finding[]): string | undefined {
  const ids = new Set(findings.map(({ ruleId }) => ruleId));
  const rules = RULES.filter(({ id }) => ids.has(id));
  if (rules.length === 0) return undefined;
  return rules.map(({ id, why }) => `**${id}**: ${why}`).join('\n\n');
}
