/** DL3058: a label of the schema that should be an e-mail address. */

import { isEmail } from '../label-values.ts';
import { labelCheck } from '../labels.ts';
import type { Rule } from '../rule.ts';

export const DL3058: Rule = {
  id: 'DL3058',
  family: 'hadolint',
  severity: 'warning',
  message: 'this label is not an e-mail address',
  why: 'People write to the address.',
  configuredBy: ['label-schema'],
  examples: {
    bad: ['FROM debian:12\nLABEL value="nobody"'],
    good: ['FROM debian:12\nLABEL value="someone@example.com"'],
  },
  check: labelCheck('email', isEmail, 'an e-mail address'),
};
