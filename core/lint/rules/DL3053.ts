/** DL3053: a label of the schema that should be a time as RFC 3339 writes it. */

import { isRfc3339 } from '../label-values.ts';
import { labelCheck } from '../labels.ts';
import type { Rule } from '../rule.ts';

export const DL3053: Rule = {
  id: 'DL3053',
  family: 'hadolint',
  severity: 'warning',
  message: 'this label is not a time as RFC 3339 writes it',
  why: 'Tools sort and compare the time; that works in one notation only.',
  configuredBy: ['label-schema'],
  examples: {
    bad: ['FROM debian:12\nLABEL value="yesterday"'],
    good: ['FROM debian:12\nLABEL value="2026-01-02T10:26:33Z"'],
  },
  check: labelCheck('rfc3339', isRfc3339, 'a time as RFC 3339 writes it'),
};
