/** Which of BuildKit's checks may speak where, as `# check=` at the top of the file and above instructions says. */

import type { CheckOptions } from '../dockerfile/check-options.ts';
import type { Comment, Dockerfile, Instruction } from '../dockerfile/types.ts';
import {
  FILE_WIDE_CHECKS,
  fileCheckOptions,
  instructionCheckOptions,
  isCheckOn,
  mergedCheckOptions,
} from './check-options.ts';
import type { Finding, Report, Rule } from './rule.ts';
import { RULES } from './rules/index.ts';

export type CheckFilter = (rule: Rule, report: Report) => boolean;

/** Reads the options once; instructions without such a comment, which is nearly all of them, cost nothing. */
export function checkFilter(dockerfile: Dockerfile, ruleSet: string): CheckFilter {
  const file = fileCheckOptions(dockerfile);
  const isAnyCommented = dockerfile.comments.some(isCheckComment);
  const commented = (isAnyCommented ? dockerfile.instructions : []).flatMap((instruction) =>
    instruction.commentsAbove.some(isCheckComment)
      ? [{ instruction, options: mergedCheckOptions(file, instructionCheckOptions(instruction)) }]
      : [],
  );
  const isAnySkipped = isAnyCommented || file.skip === 'all' || file.skip.size > 0;
  const namesAllTwins = isAnySkipped && (ruleSet === 'naru' || ruleSet === 'all');
  function optionsFor(rule: Rule, report: Report): CheckOptions {
    if (commented.length === 0 || FILE_WIDE_CHECKS.has(rule.id)) return file;
    const owner = commented.find(({ instruction }) => {
      return report.silencedAt === undefined
        ? isAround(instruction, report)
        : instruction === report.silencedAt;
    });
    return owner?.options ?? file;
  }
  const isSkipped = (check: Rule, report: Report): boolean =>
    !isCheckOn(optionsFor(check, report), check.id, false);
  return (rule, report) => {
    // A problem that is known by several names is silenced by any of them.
    if (rule.family !== 'buildkit')
      return !namesAllTwins || !twinChecks(rule).some((check) => isSkipped(check, report));
    const { experimental } = rule;
    const isExperimental =
      experimental === 'everywhere' || (experimental !== undefined && ruleSet === 'buildkit');
    return isCheckOn(optionsFor(rule, report), rule.id, isExperimental);
  };
}

/** BuildKit's checks for what a rule of others sees. */
function twinChecks({ aliases = [], id }: Rule): readonly Rule[] {
  return RULES.filter(
    (rule) =>
      rule.family === 'buildkit' && (aliases.includes(rule.id) || rule.aliases?.includes(id) === true),
  );
}

function isCheckComment({ text }: Comment): boolean {
  return /^check\s*=/i.test(text);
}

/** With `error=true` BuildKit refuses to build a file of which one of its checks speaks. */
export function withCheckSeverity(dockerfile: Dockerfile, findings: readonly Finding[]): readonly Finding[] {
  if (!fileCheckOptions(dockerfile).isError) return findings;
  return findings.map((finding) =>
    finding.family === 'buildkit' ? { ...finding, severity: 'error' } : finding,
  );
}

function isAround({ commentsAbove, span }: Instruction, report: Report): boolean {
  const start = commentsAbove[0]?.span.start ?? span.start;
  return start <= report.span.start && report.span.end <= span.end;
}
