/** Everything there is to say of a file: what the reader refuses and what the rules find. */

import type { Dockerfile } from '../dockerfile/types.ts';
import type { Parsed } from '../source.ts';
import { problemFindings } from './problems.ts';
import type { Finding, LintOptions } from './rule.ts';
import { DEFAULT_LINT_OPTIONS, lintDockerfile, type RuleSet } from './run.ts';

/** The reader's problems first, then the findings of the rules, each in file order. */
export function fileFindings(
  { value: dockerfile, problems }: Parsed<Dockerfile>,
  ruleSet: RuleSet = 'naru',
  options: LintOptions = DEFAULT_LINT_OPTIONS,
): readonly Finding[] {
  const refused = problemFindings(dockerfile, problems, ruleSet).filter(
    ({ ruleId }) => options.ignored?.has(ruleId) !== true,
  );
  const found = lintDockerfile(dockerfile, ruleSet, options);
  if (ruleSet !== 'naru' || refused.length === 0) return [...refused, ...found];
  return [...refused, ...found.filter((finding) => !refused.some((problem) => tells(problem, finding)))];
}

/** Of words that end the build, advice on the same words says nothing more. */
function tells(problem: Finding, { ruleId, span }: Finding): boolean {
  return (
    SAID_BY.get(problem.ruleId)?.includes(ruleId) === true &&
    problem.span.start <= span.end &&
    span.start <= problem.span.end
  );
}

const SAID_BY: ReadonlyMap<string, readonly string[]> = new Map([
  ['E_ARGUMENT_COUNT', ['NR107', 'InvalidDefaultArgInFrom']],
  ['E_DUPLICATE_DIRECTIVE', ['NR110']],
  ['E_FROM_VARIABLE', ['DL3022']],
  ['E_JSON_NOT_STRINGS', ['DL3025', 'JSONArgsRecommended']],
  ['E_STAGE_NAME', ['StageNameCasing']],
]);
