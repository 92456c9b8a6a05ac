/**
 * SARIF 2.1.0, the format of code scanning services (OASIS, "Static Analysis Results Interchange Format").
 * Of a rule it holds what GitHub's code scanning shows: texts, level, help, tags.
 */

import { NARU_VERSION } from '../../version.ts';
import type { Rule } from '../rule.ts';
import type { Severity } from '../severity.ts';
import { ruleUrl } from '../rule-url.ts';
import { RULES } from '../rules/index.ts';
import type { Reported } from './reported.ts';

const LEVELS = { error: 'error', warning: 'warning', info: 'note', style: 'note' } as const;

export function formatSarif(reported: readonly Reported[]): string {
  const first = new Map(reported.toReversed().map((item) => [item.code, item]));
  const rules = [...first.keys()].sort();
  const descriptors = rules.flatMap((id) => first.get(id) ?? []).map(descriptor);
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Naru', version: NARU_VERSION, rules: descriptors } },
        columnKind: 'utf16CodeUnits',
        results: reported.map((item) => result(item, rules.indexOf(item.code))),
      },
    ],
  };
  return `${JSON.stringify(log)}\n`;
}

const KNOWN: ReadonlyMap<string, Rule> = new Map(RULES.map((rule) => [rule.id, rule]));

/** GitHub's words for how grave a problem is that is none of security. */
const PROBLEM_SEVERITIES = {
  error: 'error',
  warning: 'warning',
  info: 'recommendation',
  style: 'recommendation',
} as const;

/** What the reader refuses has no page: its code is its name. What a real ShellCheck says is described by its first finding. */
function descriptor({ code, level, message }: Reported): unknown {
  const rule = KNOWN.get(code);
  const family = rule?.family ?? (/^SC\d/.test(code) ? 'shellcheck' : 'naru');
  const helpUri = ruleUrl(family, code);
  const isRefusal = /^[EW]_/.test(code);
  const why = rule?.why ?? (isRefusal ? `No builder takes this (${code}).` : message);
  return {
    id: code,
    shortDescription: { text: rule?.message ?? (isRefusal ? sentenceOf(code) : message) },
    fullDescription: { text: why },
    defaultConfiguration: rule === undefined ? { level: LEVELS[level] } : defaultOf(rule),
    help: { text: why, markdown: helpUri === undefined ? why : `${why}\n\n[${code}](${helpUri})` },
    ...(helpUri === undefined ? {} : { helpUri }),
    properties: { tags: ['dockerfile', family], 'problem.severity': PROBLEM_SEVERITIES[level] },
  };
}

/** `E_UNKNOWN_FLAG`: unknown flag. */
function sentenceOf(code: string): string {
  return code.slice(2).toLowerCase().replaceAll('_', ' ');
}

function defaultOf({ naruSeverity, severity }: Rule): unknown {
  const level: Severity | 'off' = naruSeverity ?? severity;
  return level === 'off' ? { enabled: false } : { level: LEVELS[level] };
}

function result(item: Reported, ruleIndex: number): unknown {
  return {
    ruleId: item.code,
    ruleIndex,
    level: LEVELS[item.level],
    message: { text: item.message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(item.file.replaceAll('\\', '/')) },
          region: {
            startLine: item.line,
            startColumn: item.column,
            endLine: item.endLine,
            endColumn: item.endColumn,
          },
        },
      },
    ],
  };
}
