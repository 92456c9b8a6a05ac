/** What the reader found wrong, as findings beside those of the rules: a file that no builder accepts is the first thing to say. */

import type { Dockerfile } from '../dockerfile/types.ts';
import type { Problem } from '../source.ts';
import { unvalidatedLines } from './pragmas.ts';
import type { Finding } from './rule.ts';
import type { RuleSet } from './run.ts';

/** `hadolint` and `buildkit` report exactly those tools' rules, so the reader's own codes are left out there. */
export function problemFindings(
  dockerfile: Dockerfile,
  problems: readonly Problem[],
  ruleSet: RuleSet,
): readonly Finding[] {
  if (ruleSet === 'hadolint' || ruleSet === 'buildkit') return [];
  const unvalidated = unvalidatedLines(dockerfile);
  const findings = problems.map(
    (problem): Finding => ({
      ruleId: problem.code,
      family: 'naru',
      aliases: [],
      severity: problem.severity,
      message: problem.hint ? `${problem.message} (${problem.hint})` : problem.message,
      span: problem.span,
      line: dockerfile.lines.positionAt(problem.span.start).line,
    }),
  );
  return findings.filter(({ line }) => !unvalidated.has(line));
}
