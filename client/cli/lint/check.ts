/** Lints one text for the CLI, and repairs it when asked. */

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import type { FixedText } from '../../../core/lint/fixes.ts';
import { fileFindings } from '../../../core/lint/file-findings.ts';
import { type Reported, toReported } from '../../../core/lint/formats/reported.ts';
import { repair, type WantedFixes } from '../../../core/lint/repair.ts';
import type { Finding, LintOptions } from '../../../core/lint/rule.ts';
import { makeContext, type RuleSet } from '../../../core/lint/run.ts';
import { checkedScripts, shellcheckQuestion } from '../../../core/lint/shellcheck/scripts.ts';

export interface LintJob {
  readonly file: string;
  readonly rules: RuleSet;
  readonly options: LintOptions;
}

/** What ShellCheck is to be asked about a text. */
export function scriptsOf(text: string, { options, rules }: LintJob): readonly string[] {
  const { value: dockerfile } = readDockerfile(text);
  const scripts = makeContext(dockerfile, options, rules).once(checkedScripts);
  return scripts.map((script) => shellcheckQuestion(script).text());
}

/** In the order of their lines. */
export function lintText(text: string, job: LintJob): readonly Reported[] {
  const { dockerfile, findings } = findingsOf(text, job);
  return findings.map((finding) => toReported(job.file, dockerfile, finding)).sort((a, b) => a.line - b.line);
}

/** Applies fixes until none is left. */
export function repaired(text: string, job: LintJob, wanted: WantedFixes): FixedText {
  return repair(text, (current) => findingsOf(current, job).findings, wanted);
}

function findingsOf(
  text: string,
  { rules, options }: LintJob,
): {
  readonly dockerfile: ReturnType<typeof readDockerfile>['value'];
  readonly findings: readonly Finding[];
} {
  const parsed = readDockerfile(text);
  return { dockerfile: parsed.value, findings: fileFindings(parsed, rules, options) };
}
