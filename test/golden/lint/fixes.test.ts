/**
 * Fixes are safe: each takes its finding away and adds none, changes nothing else, and leaves the build as it was unless it says that it does not.
 * Tried on every text of the lint tests and of the reader's golden.
 */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { RULES } from '../../../core/lint/rules/index.ts';
import type { RuleSet } from '../../../core/lint/run.ts';
import { OWN_CASES } from '../../unit/lint/own-cases.ts';
import { SHELL_CASES } from '../../unit/lint/shell-cases.ts';
import { REFUSED_FILES } from '../dockerfile/refused-files.ts';
import { checkFixes, type FixFault } from './fix-check.ts';

const RULE_SETS: readonly RuleSet[] = ['naru', 'hadolint', 'buildkit'];

describe('fixes', () => {
  const texts = fixtureTexts();
  const fixed = new Set<string>();

  for (const ruleSet of RULE_SETS) {
    it(`of ${ruleSet} are safe`, async () => {
      const faults: FixFault[] = [];
      for (const text of texts) {
        const checked = await checkFixes(text, ruleSet);
        faults.push(...checked.faults);
        if (checked.nFixes > 0) fixed.add(text);
      }
      assert.deepEqual(faults, []);
    }).timeout(30_000);
  }

  it('were tried on many texts', () => {
    assert.ok(fixed.size >= 100, `${fixed.size}`);
  });
});

function fixtureTexts(): readonly string[] {
  const examples = RULES.flatMap(({ examples: { bad, good } }) => [...bad, ...good]);
  const own = Object.values(OWN_CASES).flatMap((cases) => cases.map((text) => text.replaceAll(/[«»]/g, '')));
  const shell = Object.values(SHELL_CASES).flatMap(({ bad, good }) => [...bad, ...good]);
  const runs = shell.map((line) => `FROM debian:12\nRUN ${line}\n`);
  const refused = REFUSED_FILES.map(([, text]) => text);
  return [...new Set([...examples, ...own, ...runs, ...refused, ...recordedTexts()])];
}

/** The texts BuildKit was asked about (see buildkit/). */
function recordedTexts(): readonly string[] {
  const folder = join(import.meta.dirname, 'buildkit');
  return readdirSync(folder).flatMap((name) => {
    if (!name.endsWith('.json')) return [];
    // Written by the recorder beside them.
    const { cases } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Recording;
    return cases.map(({ asked }) => (typeof asked === 'string' ? asked : asked.text));
  });
}

interface Recording {
  readonly cases: readonly { readonly asked: string | { readonly text: string } }[];
}
