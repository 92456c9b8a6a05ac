/** DL3051: a label of the schema that is empty. */

import { labelsOf } from '../labels.ts';
import type { Rule } from '../rule.ts';

export const DL3051: Rule = {
  id: 'DL3051',
  family: 'hadolint',
  severity: 'warning',
  message: 'this label is empty',
  why: 'The label schema asks for a value; an empty one tells nobody anything.',
  configuredBy: ['label-schema'],
  examples: {
    bad: ['FROM debian:12\nLABEL vendor=""'],
    good: ['FROM debian:12\nLABEL vendor="acme"'],
  },
  check(context, report) {
    const { options } = context;
    for (const { label, instruction } of labelsOf(context)) {
      if (!options.labelSchema.has(label.key) || label.value !== '') continue;
      report({
        span: label.keySpan,
        toolLine: instruction.line,
        message: `the label \`${label.key}\` is empty`,
      });
    }
  },
};
