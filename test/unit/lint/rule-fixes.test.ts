/** Every rule finds its bad examples and keeps quiet about its good ones; its fixes remove what was found and add nothing. */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { applyFixes } from '../../../core/lint/fixes.ts';
import type { Finding, LintOptions, Rule } from '../../../core/lint/rule.ts';
import { RULES } from '../../../core/lint/rules/index.ts';
import { DEFAULT_LINT_OPTIONS, lintDockerfile } from '../../../core/lint/run.ts';

/** What rules that need a configuration take from it. */
const CONFIGURED: LintOptions = {
  ...DEFAULT_LINT_OPTIONS,
  trustedRegistries: ['docker.io', 'registry.example'],
};

/** Their examples are checked where a label schema is. */
const NEEDS_SCHEMA: ReadonlySet<string> = new Set([
  'DL3049',
  'DL3050',
  'DL3051',
  'DL3052',
  'DL3053',
  'DL3054',
  'DL3055',
  'DL3056',
  'DL3058',
]);

describe('rule examples', () => {
  for (const rule of RULES) {
    if (NEEDS_SCHEMA.has(rule.id)) continue;
    for (const text of rule.examples.bad) {
      it(`${rule.id} finds ${JSON.stringify(text)}`, () => {
        const findings = findingsOf(text, rule);
        assert.notEqual(findings.length, 0);
        for (const { span } of findings) assert.ok(span.start <= span.end && span.end <= text.length);
        const fixed = applyFixes(text, findings);
        if (fixed.nApplied === 0) return;
        assert.equal(findingsOf(fixed.text, rule).length, findings.length - fixed.nApplied, fixed.text);
        const known = new Set(allFindings(text).map(({ ruleId }) => ruleId));
        const added = allFindings(fixed.text).filter(({ ruleId }) => !known.has(ruleId));
        assert.deepEqual(added, []);
      });
    }
    if (rule.family !== 'hadolint') continue;
    for (const text of rule.examples.good) {
      it(`${rule.id} is quiet about ${JSON.stringify(text)}`, () => {
        assert.deepEqual(findingsOf(text, rule), []);
      });
    }
  }
});

function findingsOf(text: string, rule: Rule): readonly Finding[] {
  return allFindings(text, rule).filter(({ ruleId }) => ruleId === rule.id);
}

function allFindings(text: string, rule?: Rule): readonly Finding[] {
  const severities = new Map(rule?.severity === 'off' ? [[rule.id, 'style' as const]] : []);
  return lintDockerfile(readDockerfile(text).value, 'all', { ...CONFIGURED, severities });
}
