/** `# check=error=true`: a build whose file breaks a check of BuildKit is refused, and so is its preview. */

import type { Dockerfile } from '../dockerfile/types.ts';
import type { Problem } from '../source.ts';

import { fileCheckOptions } from './check-options.ts';
import type { Finding } from './rule.ts';

/** What refuses the build, in BuildKit's words and at the first of `findings`, which are those of BuildKit's checks in file order; undefined where nothing does. */
export function checkViolation(dockerfile: Dockerfile, findings: readonly Finding[]): Problem | undefined {
  const [first] = findings;
  if (first === undefined || !fileCheckOptions(dockerfile).isError) return undefined;
  const violated = [...new Set(findings.map(({ ruleId }) => ruleId))].sort();
  return {
    code: 'E_CHECKS',
    severity: 'error',
    message: `lint violation found for rules: ${violated.join(', ')}`,
    span: first.span,
    hint: 'see naru lint --rules buildkit',
  };
}
