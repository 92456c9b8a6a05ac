/** DL3054: a label of the schema that should be an SPDX license expression. */

import { isSpdxExpression } from '../label-values.ts';
import { labelCheck } from '../labels.ts';
import type { Rule } from '../rule.ts';

export const DL3054: Rule = {
  id: 'DL3054',
  family: 'hadolint',
  severity: 'warning',
  message: 'this label is not an SPDX license expression',
  why: 'Scanners compare licenses by their SPDX identifiers.',
  configuredBy: ['label-schema'],
  examples: {
    bad: ['FROM debian:12\nLABEL value="my license"'],
    good: ['FROM debian:12\nLABEL value="Apache-2.0"'],
  },
  check: labelCheck('spdx', isSpdxExpression, 'an SPDX license expression'),
};
