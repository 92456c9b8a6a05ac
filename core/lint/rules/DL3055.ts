/** DL3055: a label of the schema that should be a git hash. */

import { isGitHash } from '../label-values.ts';
import { labelCheck } from '../labels.ts';
import type { Rule } from '../rule.ts';

export const DL3055: Rule = {
  id: 'DL3055',
  family: 'hadolint',
  severity: 'warning',
  message: 'this label is not a git hash',
  why: 'The label names a commit, by 40 or 7 lower-case hexadecimal digits. Branches and tags move.',
  configuredBy: ['label-schema'],
  examples: {
    bad: ['FROM debian:12\nLABEL value="main"'],
    good: ['FROM debian:12\nLABEL value="0123456789abcdef0123456789abcdef01234567"'],
  },
  check: labelCheck('hash', isGitHash, 'a git hash'),
};
