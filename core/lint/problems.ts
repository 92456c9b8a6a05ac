/** What the reader found wrong, as findings beside those of the rules: a file that no builder accepts is the first thing to say. */

import type { Dockerfile } from '../dockerfile/types.ts';
import type { Problem } from '../source.ts';
import { unvalidatedLines } from './pragmas.ts';
import type { Finding } from './rule.ts';
import type { RuleSet } from './run.ts';

/** Of a file that cannot be built, every set says so; warnings of the reader belong to our own. */
export function problemFindings(
  dockerfile: Dockerfile,
  problems: readonly Problem[],
  ruleSet: RuleSet,
): readonly Finding[] {
  const told = problems.filter((problem) => isTold(problem, ruleSet));
  const unvalidated = unvalidatedLines(dockerfile);
  const findings = told.map(
    (problem): Finding => ({
      ruleId: problem.code,
      family: 'naru',
      aliases: [],
      severity: problem.severity,
      message: problem.hint ? `${problem.message} (${problem.hint})` : problem.message,
      span: problem.span,
      line: dockerfile.lines.positionAt(problem.span.start).line,
      ...fixOf(problem),
    }),
  );
  return findings.filter(({ line }) => !unvalidated.has(line));
}

/** A guess. */
function fixOf({ instead, span }: Problem): Pick<Finding, 'fix'> {
  if (instead === undefined) return {};
  const title = `Change to ${instead}`;
  return { fix: { title, edits: [{ span, text: instead }], changesPlan: true, needsReview: true } };
}

function isTold({ code, severity }: Problem, ruleSet: RuleSet): boolean {
  if (ruleSet === 'naru' || ruleSet === 'all') return true;
  return severity === 'error' && !(ruleSet === 'hadolint' && OF_HADOLINT.has(code));
}

/** What hadolint has rules for, and the file without a stage, which it takes. */
const OF_HADOLINT: ReadonlySet<string> = new Set([
  'E_BEFORE_FROM',
  'E_EMPTY_FILE',
  'E_NO_STAGE',
  'E_ONBUILD_CHAIN',
  'E_ONBUILD_TRIGGER',
]);
