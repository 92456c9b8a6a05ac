/** One problem, one finding: which of several rules that saw the same thing speaks. */

import type { Finding } from './rule.ts';
import { RULES } from './rules/index.ts';

/** Drops a finding when one of a rule that names it among its aliases covers the same words, at least in part. */
export function withoutAliases(findings: readonly Finding[]): Finding[] {
  const speakers = new Map<string, Finding[]>();
  for (const finding of findings) {
    for (const alias of finding.aliases) {
      const known = speakers.get(alias);
      if (known === undefined) speakers.set(alias, [finding]);
      else known.push(finding);
    }
  }
  return findings.filter(
    (finding) => !speakers.get(finding.ruleId)?.some((speaker) => overlaps(speaker, finding)),
  );
}

function overlaps({ span: left }: Finding, { span: right }: Finding): boolean {
  return left.start <= right.end && right.start <= left.end;
}

/** Every id under which the problem of a finding is known: its rule's, those it names, those of rules that name it. */
export function idsOfProblem({ ruleId, aliases }: Finding): readonly string[] {
  const naming = RULES.filter((rule) => rule.aliases?.includes(ruleId) === true);
  return [ruleId, ...aliases, ...naming.map(({ id }) => id)];
}
