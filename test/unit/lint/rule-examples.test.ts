/** Every rule shows what it finds: its bad examples have a finding, its good ones have none. */

import assert from 'node:assert/strict';

import { RULES } from '../../../core/lint/rules/index.ts';
import { reportsOf } from './check-rule.ts';

describe('examples of the rules', () => {
  for (const rule of RULES.filter(({ family }) => family === 'naru')) {
    it(rule.id, () => {
      const silent = rule.examples.bad.filter((text) => reportsOf(rule, text).length === 0);
      const loud = rule.examples.good.filter((text) => reportsOf(rule, text).length > 0);
      assert.deepEqual({ silent, loud }, { silent: [], loud: [] });
      assert.ok(rule.examples.good.length > 0 && rule.why.length > 40);
    });
  }
});
