/** DL3052: a label of the schema that should be a URL. */

import { isUrl } from '../label-values.ts';
import { labelCheck } from '../labels.ts';
import type { Rule } from '../rule.ts';

export const DL3052: Rule = {
  id: 'DL3052',
  family: 'hadolint',
  severity: 'warning',
  message: 'this label is not a URL',
  why: 'Tools make a link of the label, which needs a scheme and no blanks.',
  configuredBy: ['label-schema'],
  examples: {
    bad: ['FROM debian:12\nLABEL value="not a url"'],
    good: ['FROM debian:12\nLABEL value="https://example.com"'],
  },
  check: labelCheck('url', isUrl, 'a URL'),
};
