/** What the pages of docs/rules say of a rule. */

import assert from 'node:assert/strict';

import { rulePage, rulesPage } from '../../../core/lint/rule-page.ts';
import type { Rule } from '../../../core/lint/rule.ts';
import { RULES } from '../../../core/lint/rules/index.ts';

function ruleOf(id: string): Rule {
  const rule = RULES.find((one) => one.id === id);
  assert.ok(rule !== undefined);
  return rule;
}

const PLAIN: Rule = {
  id: 'XX001',
  family: 'hadolint',
  severity: 'error',
  message: 'write it | well',
  why: 'One reason. `Another` one. and no third',
  examples: { bad: [], good: [] },
  check: () => undefined,
};

describe('the page of a rule', () => {
  it('says what it finds and why, a sentence in each line, and what it belongs to', () => {
    assert.equal(
      rulePage(PLAIN),
      '# XX001\n\nWrite it | well.\nOne reason.\n`Another` one. and no third\n\n- Rule set: `hadolint`.\n- Level: error.\n',
    );
  });

  it('says which levels it has, what turns it on, and who else tells the problem', () => {
    const page = rulePage({
      ...PLAIN,
      message: 'Done!',
      naruSeverity: 'info',
      configuredBy: ['trustedRegistries', 'label-schema'],
      aliases: ['AB1', 'AB2'],
      supersededBy: 'NR999',
    });
    assert.ok(page.startsWith('# XX001\n\nDone!\n'));
    const facts = page.split('\n').filter((line) => line.startsWith('- '));
    assert.deepEqual(facts, [
      '- Rule set: `hadolint`.',
      '- Level: error; under `--rules naru` info.',
      '- It speaks once the configuration has `trustedRegistries` and `label-schema`.',
      '- The same problem: AB1, AB2.',
      '- Naru says it as NR999.',
    ]);
  });

  it('shows examples, and what fixes make of them', () => {
    const page = rulePage(ruleOf('NR024'));
    assert.ok(page.endsWith('\n'));
    assert.ok(!page.endsWith('\n\n'));
    assert.match(
      page,
      /## Bad\n\n```dockerfile\nFROM node:22\nCMD \["npm start"\]\n```\n\n`--fix` makes of it:\n\n```dockerfile\nFROM node:22\nCMD \["npm", "start"\]\n```\n\n## Good\n\n```dockerfile\n/,
    );
    assert.match(rulePage(ruleOf('DL3015')), /\n\nThe editor and `--fix-all` make of it:\n\n/);
    const [bad] = ruleOf('DL3004').examples.bad;
    assert.ok(rulePage(ruleOf('DL3004')).includes(`## Bad\n\n\`\`\`dockerfile\n${bad?.trimEnd()}\n\`\`\`\n`));
    assert.doesNotMatch(rulePage(ruleOf('DL3004')), /make of it|makes of it/);
    assert.doesNotMatch(rulePage(PLAIN), /##/);
    assert.match(rulePage(ruleOf('SC2086')), /## Bad\n/);
  });
});

describe('the list of all rules', () => {
  it('has a chapter for each family, with the levels of the default set', () => {
    const page = rulesPage([
      PLAIN,
      { ...PLAIN, id: 'NR900', family: 'naru', naruSeverity: 'style' },
      { ...PLAIN, id: 'Check', family: 'buildkit', severity: 'warning', message: 'no' },
    ]);
    assert.ok(page.startsWith('# Rules\n\nEvery rule of `naru lint`, with its reason and examples.\n'));
    assert.ok(
      page.includes(
        '\n\n## Our own\n\n| rule | level | what it says |\n|---|---|---|\n| [NR900](NR900.md) | style | write it \\| well |\n\n## ',
      ),
    );
    assert.ok(
      page.includes(
        "\n## BuildKit's checks\n\n| rule | level | what it says |\n|---|---|---|\n| [Check](Check.md) | warning | no |\n\n",
      ),
    );
    assert.ok(
      page.includes(
        "\n## hadolint's rules\n\n| rule | level | what it says |\n|---|---|---|\n| [XX001](XX001.md) | error | write it \\| well |\n\n",
      ),
    );
    assert.ok(page.includes("## ShellCheck's, where no shellcheck is installed\n"));
  });
});
