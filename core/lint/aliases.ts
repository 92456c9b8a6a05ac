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

/** Without the findings of ours that a check of BuildKit tells as well, and as gravely. */
export function withoutToldByChecks(findings: readonly Finding[]): Finding[] {
  const checks = findings.filter(({ family }) => family === 'buildkit');
  return findings.filter(
    (finding) =>
      finding.family !== 'naru' ||
      !checks.some(
        (check) =>
          finding.aliases.includes(check.ruleId) &&
          overlaps(check, finding) &&
          (check.severity === 'error' || finding.severity !== 'error'),
      ),
  );
}

function overlaps({ span: left }: Finding, { span: right }: Finding): boolean {
  return left.start <= right.end && right.start <= left.end;
}

/** Every id under which the problem of a finding is known: its rule's, those it names, those of rules that name it. Rules are asked once each. */
export function problemIds(): (finding: Finding) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return ({ ruleId, aliases }) => {
    const ids = known.get(ruleId);
    if (ids !== undefined) return ids;
    const naming = RULES.filter((rule) => rule.aliases?.includes(ruleId) === true);
    const found = [ruleId, ...aliases, ...naming.map(({ id }) => id)];
    known.set(ruleId, found);
    return found;
  };
}
