/**
 * Runs rules over a read Dockerfile and answers findings in file order.
 * `naru` reports a problem once, under the most precise rule that saw it; `hadolint` and `buildkit` run exactly that tool's rules.
 */

import { lineEndOf } from '../dockerfile/line-end.ts';
import type { Dockerfile } from '../dockerfile/types.ts';
import { problemIds, withoutAliases, withoutToldByChecks } from './aliases.ts';
import { type CheckFilter, checkFilter, withCheckSeverity } from './check-filter.ts';
import { lintContext } from './context.ts';
import { instructionFinder } from './instruction-finder.ts';
import { silencer } from './pragmas.ts';
import type { Finding, Fix, LintContext, LintOptions, Report, Rule } from './rule.ts';
import { RULES } from './rules/index.ts';
import type { Severity } from './severity.ts';
import { disabledParts } from './shellcheck/directives.ts';
import { shellcheckFindings } from './shellcheck/findings.ts';
import { swallowedSpans } from './swallowed.ts';

export type RuleSet = 'naru' | 'all' | 'hadolint' | 'buildkit';

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
  const context = makeContext(dockerfile, options, ruleSet);
  const rules = RULES.filter((rule) => isSelected(rule, ruleSet));
  const checks = checkFilter(dockerfile, ruleSet);
  const reported = rules.flatMap((rule) => runRule(rule, context, { checks, ruleSet }));
  const fromShellcheck = ruleSet === 'buildkit' ? [] : shellcheckFindings(context);
  const found = withCheckSeverity(dockerfile, [...reported, ...fromShellcheck]);
  const findings = unsilenced(found, context, ruleSet).sort(inFileOrder);
  if (ruleSet === 'hadolint') return oncePerInstruction(findings);
  if (ruleSet === 'buildkit') return withoutToldByChecks(findings);
  return ruleSet === 'naru' ? withoutAliases(findings) : findings;
}

/** Without what comments and the configuration silence; naming any id of a problem silences it. */
function unsilenced(findings: readonly Finding[], context: LintContext, ruleSet: RuleSet): Finding[] {
  const { dockerfile, options } = context;
  const { ignored, ignoresPragmas } = options;
  const instructionOf = instructionFinder(dockerfile);
  const isStrict = ruleSet === 'hadolint';
  const idsOf = problemIds();
  const isSilenced = silencer(dockerfile, isStrict, instructionOf);
  return findings.filter((finding) => {
    const ids = isStrict ? [finding.ruleId] : idsOf(finding);
    if (ignored !== undefined && ids.some((id) => ignored.has(id))) return false;
    if (ruleSet === 'buildkit') return true;
    return ignoresPragmas === true || !isSilenced(finding, ids);
  });
}

/** hadolint says a thing once per instruction, on its first line. The fix is for all of them, where there is one for each. */
function oncePerInstruction(findings: readonly Finding[]): Finding[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    // Of what ShellCheck says, each message counts; and each label of the schema is a rule of its own.
    const isEach = finding.family === 'shellcheck' || OF_ONE_LABEL.test(finding.ruleId);
    const message = isEach ? finding.message : '';
    const key = `${finding.ruleId}@${finding.line} ${message}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || group.length === 1) return group;
    const { fix, ...bare } = first;
    const fixes = group.flatMap((finding) => finding.fix ?? []);
    if (fix === undefined || fixes.length < group.length) return bare;
    return { ...bare, fix: { ...fix, edits: fixes.flatMap(({ edits }) => edits) } };
  });
}

const OF_ONE_LABEL = /^DL30(?:49|5[1-68])$/;

function isSelected(rule: Rule, ruleSet: RuleSet): boolean {
  if (ruleSet === 'naru') return rule.supersededBy === undefined;
  // What BuildKit refuses once values are known is no check of its own.
  if (ruleSet === 'buildkit' && rule.isRefusal === true) return true;
  if (ruleSet === 'buildkit' && rule.family === 'naru') return rule.severity === 'error';
  return (
    ruleSet === 'all' || rule.family === ruleSet || (ruleSet === 'hadolint' && rule.family === 'shellcheck')
  );
}

interface Selection {
  readonly ruleSet: RuleSet;
  readonly checks: CheckFilter;
}

function runRule(rule: Rule, context: LintContext, { checks, ruleSet }: Selection): Finding[] {
  const own = (ruleSet === 'naru' ? rule.naruSeverity : undefined) ?? rule.severity;
  const severity = chosenSeverity(rule, own, context.options, ruleSet) ?? own;
  if (severity === 'off') return [];
  const { aliases = [] } = rule;
  const instructionOf = ruleSet === 'hadolint' ? instructionFinder(context.dockerfile) : undefined;
  // Who asks for a tool's rules wants its lines; we name the words.
  const isTool = ruleSet === 'hadolint' || ruleSet === 'buildkit';
  const found: Finding[] = [];
  rule.check(context, (report: Report) => {
    if (!checks(rule, report) || isDisabled(rule, report, context)) return;
    if (report.only !== undefined && ruleSet !== 'all' && (report.only === 'naru') !== (ruleSet === 'naru'))
      return;
    const { fix, message = rule.message, span, toolLine } = report;
    const line =
      (isTool ? toolLine : undefined) ??
      instructionOf?.(report)?.line ??
      context.dockerfile.lines.positionAt(span.start).line;
    const isKept = fix === undefined || rule.id === KNOWS_SWALLOWED || !isInSwallowed(context, fix);
    const finding = { ruleId: rule.id, family: rule.family, aliases, severity, message, span, line };
    found.push(
      fix === undefined || !isKept ? finding : { ...finding, fix: endedAsIn(context.dockerfile.text, fix) },
    );
  });
  return found;
}

/** By a comment that ShellCheck reads itself, where a rule of ours stands in for it. */
function isDisabled({ family, id }: Rule, { span }: Report, { once }: LintContext): boolean {
  if (family !== 'shellcheck') return false;
  return once(disabledParts).some(
    (part) => part.isMeant(id) && part.span.start <= span.start && span.end <= part.span.end,
  );
}

/** The rule about lines that the instruction above has swallowed, whose own fix is to part them. */
const KNOWS_SWALLOWED = 'NR117';

/** Nothing is written into them: they are parted from the instruction first. */
function isInSwallowed({ once }: LintContext, { edits }: Fix): boolean {
  const swallowed = once(swallowedSpans);
  return edits.some(({ span }) => swallowed.some(({ start, end }) => span.start <= end && start <= span.end));
}

/** New lines end as those of the file do, which is looked at only where there are any. */
function endedAsIn(source: string, fix: Fix): Fix {
  if (fix.edits.every(({ text }) => !text.includes('\n'))) return fix;
  const end = lineEndOf(source);
  return {
    ...fix,
    edits: fix.edits.map(({ span, text }) => ({ span, text: text.replaceAll(/\r?\n/g, end) })),
  };
}

/**
 * Of a problem with several ids, the level given to any of them counts; its own first.
 * What ends a build stays an error whatever is said of a rule that also knows it.
 */
function chosenSeverity(
  { id, aliases = [] }: Rule,
  own: Rule['severity'],
  { severities }: LintOptions,
  ruleSet: RuleSet,
): Severity | undefined {
  const chosen = severities?.get(id);
  if (severities === undefined || chosen !== undefined || ruleSet !== 'naru') return chosen;
  if (own === 'error' || own === 'off') return undefined;
  const named = aliases.find((alias) => severities.has(alias));
  return named === undefined ? undefined : severities.get(named);
}

function inFileOrder(a: Finding, b: Finding): number {
  return a.line - b.line || a.span.start - b.span.start || (a.ruleId < b.ruleId ? -1 : 1);
}

/** What rules see of one file and its surroundings. */
export function makeContext(
  dockerfile: Dockerfile,
  options: LintOptions,
  ruleSet: RuleSet = 'naru',
): LintContext {
  return lintContext(dockerfile, options, { ruleIds: RULE_IDS, followsHadolint: ruleSet === 'hadolint' });
}

const RULE_IDS: ReadonlySet<string> = new Set(RULES.map(({ id }) => id));
