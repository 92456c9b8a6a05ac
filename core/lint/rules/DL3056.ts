/** DL3056: a label of the schema that should be a semantic version. */

import { isSemanticVersion } from '../label-values.ts';
import { labelCheck } from '../labels.ts';
import type { Rule } from '../rule.ts';

export const DL3056: Rule = {
  id: 'DL3056',
  family: 'hadolint',
  severity: 'warning',
  message: 'this label is not a semantic version',
  why: 'Tools order images by their version, which needs major.minor.patch.',
  configuredBy: ['label-schema'],
  examples: {
    bad: ['FROM debian:12\nLABEL value="1.0"'],
    good: ['FROM debian:12\nLABEL value="1.0.0"'],
  },
  check: labelCheck('semver', isSemanticVersion, 'a semantic version'),
};
