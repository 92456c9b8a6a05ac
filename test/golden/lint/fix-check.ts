/**
 * Applies every fix that lint offers for a text, one at a time, and says what is wrong with the result:
 * the finding is still there, another one is new, the file has a new error, or the build would do something else.
 */

import { defaultBuildOptions } from '../../../core/build/options.ts';
import { planBuild } from '../../../core/build/plan.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';
import type { Finding, Fix } from '../../../core/lint/rule.ts';
import { lintDockerfile, type RuleSet } from '../../../core/lint/run.ts';
import { parsePlatform } from '../../../core/oci/platform.ts';

export interface FixFault {
  readonly ruleId: string;
  readonly fault: string;
  readonly before: string;
  readonly after: string;
}

export interface CheckedFixes {
  readonly nFixes: number;
  readonly faults: readonly FixFault[];
}

export async function checkFixes(text: string, ruleSet: RuleSet): Promise<CheckedFixes> {
  const findings = lintText(text, ruleSet);
  const faults: FixFault[] = [];
  let nFixes = 0;
  for (const finding of findings) {
    if (finding.fix === undefined) continue;
    nFixes += 1;
    const after = applied(text, finding.fix);
    const fault = misplacedEdit(text, finding.fix) ?? (await faultOf(text, after, finding, ruleSet));
    if (fault !== undefined) faults.push({ ruleId: finding.ruleId, fault, before: text, after });
  }
  return { nFixes, faults };
}

function lintText(text: string, ruleSet: RuleSet): readonly Finding[] {
  return lintDockerfile(readDockerfile(text).value, ruleSet);
}

function applied(text: string, { edits }: Fix): string {
  let result = '';
  let at = 0;
  for (const { span, text: replacement } of edits) {
    result += text.slice(at, span.start) + replacement;
    at = span.end;
  }
  return result + text.slice(at);
}

/** Edits are in order, inside the text, and do not overlap. */
function misplacedEdit(text: string, { edits }: Fix): string | undefined {
  let at = 0;
  for (const { span } of edits) {
    if (span.start < at || span.end < span.start || span.end > text.length) return 'edits are out of order';
    at = span.end;
  }
  return edits.length === 0 ? 'no edits' : undefined;
}

async function faultOf(
  before: string,
  after: string,
  finding: Finding,
  ruleSet: RuleSet,
): Promise<string | undefined> {
  const old = counted(lintText(before, ruleSet).map(({ ruleId }) => ruleId));
  const now = counted(lintText(after, ruleSet).map(({ ruleId }) => ruleId));
  if ((now.get(finding.ruleId) ?? 0) >= (old.get(finding.ruleId) ?? 0)) return 'the finding is still there';
  const added = [...now].find(([ruleId, count]) => count > (old.get(ruleId) ?? 0));
  if (added !== undefined) return `${added[0]} is new`;
  const oldErrors = counted(errorCodes(before));
  const newError = [...counted(errorCodes(after))].find(
    ([code, count]) => count > (oldErrors.get(code) ?? 0),
  );
  if (newError !== undefined) return `${newError[0]} is new`;
  if (finding.fix?.changesPlan === true) return undefined;
  return (await plan(before)) === (await plan(after)) ? undefined : 'the build changes';
}

function errorCodes(text: string): readonly string[] {
  return readDockerfile(text)
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ code }) => code);
}

function counted(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** What is built: the ops of every stage and the configuration of the image, for linux/amd64 with images that nobody has looked at. */
async function plan(text: string): Promise<string> {
  const dockerfile = readDockerfile(text).value;
  const plans = dockerfile.stages.map(async ({ index }) => {
    const options = { ...defaultBuildOptions(parsePlatform('linux/amd64')), target: String(index) };
    const { value } = await planBuild(dockerfile, options, () => Promise.resolve(undefined));
    const { rootfs, config } = value?.target.config ?? {};
    return { ops: value?.vertices.map(({ op, root }) => ({ op, root })), rootfs, config };
  });
  return JSON.stringify(await Promise.all(plans));
}
