/**
 * Runs rules over a read Dockerfile and answers findings in file order.
 * `naru` reports a problem once, under the most precise rule that saw it; `hadolint` and `buildkit` run exactly that tool's rules.
 */

import type { Dockerfile, Instruction, RunInstruction, Stage } from '../dockerfile/types.ts';
import { withoutAliases } from './aliases.ts';
import { type CheckFilter, checkFilter } from './check-filter.ts';
import { type EvaluatedInstruction, evaluate } from './evaluation.ts';
import type { Finding, LintContext, LintOptions, Report, Rule, RuleFamily } from './rule.ts';
import { RULES } from './rules/index.ts';
import { readShell, type ShellScript } from './shell/script.ts';

export type RuleSet = 'naru' | 'all' | Exclude<RuleFamily, 'naru'>;

export const DEFAULT_LINT_OPTIONS: LintOptions = {
  trustedRegistries: [],
  labelSchema: new Map(),
  strictLabels: false,
};

/** Findings sorted by line, then column, then rule id. Never throws for any text. */
export function lintDockerfile(
  dockerfile: Dockerfile,
  ruleSet: RuleSet = 'naru',
  options: LintOptions = DEFAULT_LINT_OPTIONS,
): readonly Finding[] {
  const context = makeContext(dockerfile, options);
  const rules = RULES.filter((rule) => isSelected(rule, ruleSet));
  const checks = checkFilter(dockerfile, ruleSet);
  const findings = rules.flatMap((rule) => runRule(rule, context, { checks, ruleSet }));
  return (ruleSet === 'naru' ? withoutAliases(findings) : findings).sort(inFileOrder);
}

function isSelected(rule: Rule, ruleSet: RuleSet): boolean {
  if (ruleSet === 'naru') return rule.supersededBy === undefined;
  return ruleSet === 'all' || rule.family === ruleSet;
}

interface Selection {
  readonly ruleSet: RuleSet;
  readonly checks: CheckFilter;
}

function runRule(rule: Rule, context: LintContext, { checks, ruleSet }: Selection): Finding[] {
  if (rule.severity === 'off') return [];
  const severity = (ruleSet === 'naru' ? rule.naruSeverity : undefined) ?? rule.severity;
  const found: Finding[] = [];
  rule.check(context, (report: Report) => {
    if (rule.family === 'buildkit' && !checks(rule, report)) return;
    if (report.only !== undefined && ruleSet !== 'all' && (report.only === 'naru') !== (ruleSet === 'naru'))
      return;
    found.push({
      ruleId: rule.id,
      family: rule.family,
      aliases: rule.aliases ?? [],
      severity,
      message: report.message ?? rule.message,
      span: report.span,
      line: report.toolLine ?? context.dockerfile.lines.positionAt(report.span.start).line,
      ...(report.fix ? { fix: report.fix } : {}),
    });
  });
  return found;
}

function inFileOrder(a: Finding, b: Finding): number {
  return a.line - b.line || a.span.start - b.span.start || (a.ruleId < b.ruleId ? -1 : 1);
}

/** What rules see of one file and its surroundings. */
export function makeContext(dockerfile: Dockerfile, options: LintOptions): LintContext {
  const scripts = new Map<RunInstruction, ShellScript>();
  const stageOf = new Map<Instruction, Stage>();
  let evaluated: readonly EvaluatedInstruction[] | undefined;
  for (const stage of dockerfile.stages) {
    stageOf.set(stage.from, stage);
    for (const instruction of stage.instructions) stageOf.set(instruction, stage);
  }
  return {
    dockerfile,
    options,
    placed: dockerfile.instructions.map((instruction) => ({ instruction, stage: stageOf.get(instruction) })),
    evaluated() {
      evaluated ??= evaluate(dockerfile, (image) => options.baseImages?.get(image)?.variables);
      return evaluated;
    },
    shellOf(instruction) {
      const known = scripts.get(instruction);
      if (known) return known;
      const script = readShell(instruction.rest);
      scripts.set(instruction, script);
      return script;
    },
  };
}
