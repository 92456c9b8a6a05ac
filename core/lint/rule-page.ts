/** The pages of docs/rules, written from the rules themselves: what a rule finds, why, examples, and what its fix does to them. */

import { readDockerfile } from '../dockerfile/read.ts';
import { applyFixes } from './fixes.ts';
import type { Rule } from './rule.ts';
import { DEFAULT_LINT_OPTIONS, lintDockerfile } from './run.ts';

/** One page, Markdown. */
export function rulePage(rule: Rule): string {
  const { bad, good } = rule.examples;
  return [
    `# ${rule.id}`,
    [sentence(rule.message), ...sentences(rule.why)].join('\n'),
    facts(rule).join('\n'),
    bad.length === 0 ? '' : `## Bad\n\n${bad.map((text) => example(rule, text)).join('\n\n')}`,
    good.length === 0 ? '' : `## Good\n\n${good.map(block).join('\n\n')}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

/** The list of all rules, Markdown. */
export function rulesPage(rules: readonly Rule[]): string {
  const chapters = FAMILIES.map(([family, title]) => {
    const own = rules.filter((rule) => rule.family === family);
    const rows = own.map(
      ({ id, message, naruSeverity, severity }) =>
        `| [${id}](${id}.md) | ${naruSeverity ?? severity} | ${cell(message)} |`,
    );
    return `## ${title}\n\n| rule | level | what it says |\n|---|---|---|\n${rows.join('\n')}\n`;
  });
  return `${HEAD}\n${chapters.join('\n')}`;
}

const HEAD = `# Rules

Every rule of \`naru lint\`, with its reason and examples.
Written by \`NARU_UPDATE_DOCS=1 npm run tidy\` from \`core/lint/rules\`; a test fails when it is out of date.
A rule that is off runs when the configuration gives it a level.
Levels are those of the default set; with \`--rules hadolint\` or \`--rules buildkit\` some are the tool's own, which the page of the rule says.
`;

const FAMILIES = [
  ['naru', 'Our own'],
  ['buildkit', "BuildKit's checks"],
  ['hadolint', "hadolint's rules"],
  ['shellcheck', "ShellCheck's, where no shellcheck is installed"],
] as const;

function facts(rule: Rule): readonly string[] {
  const { aliases = [], configuredBy = [], family, naruSeverity, severity, supersededBy } = rule;
  const level = naruSeverity === undefined ? severity : `${severity}; under \`--rules naru\` ${naruSeverity}`;
  return [
    `- Rule set: \`${family}\`.`,
    `- Level: ${level}.`,
    ...(configuredBy.length === 0
      ? []
      : [`- It speaks once the configuration has ${configuredBy.map((key) => `\`${key}\``).join(' and ')}.`]),
    ...(aliases.length === 0 ? [] : [`- The same problem: ${aliases.join(', ')}.`]),
    ...(supersededBy === undefined ? [] : [`- Naru says it as ${supersededBy}.`]),
  ];
}

function example(rule: Rule, text: string): string {
  const findings = lintDockerfile(
    readDockerfile(text).value,
    rule.family === 'shellcheck' ? 'hadolint' : rule.family,
    DEFAULT_LINT_OPTIONS,
  );
  const own = findings.filter(({ ruleId }) => ruleId === rule.id);
  const { nApplied, text: fixed } = applyFixes(text, own);
  if (nApplied === 0) return block(text);
  const who = own.some(({ fix }) => fix?.needsReview === true)
    ? 'The editor and `--fix-all` make of it'
    : '`--fix` makes of it';
  return `${block(text)}\n\n${who}:\n\n${block(fixed)}`;
}

function block(text: string): string {
  return `\`\`\`dockerfile\n${text.trimEnd()}\n\`\`\``;
}

function sentences(text: string): readonly string[] {
  return text.split(/(?<=[.!?]) (?=[A-Z`])/);
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
