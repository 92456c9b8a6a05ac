/** DL3050: a label that the schema does not know, where the schema is strict. */

import { labelsOf } from '../labels.ts';
import type { Rule } from '../rule.ts';

export const DL3050: Rule = {
  id: 'DL3050',
  family: 'hadolint',
  severity: 'info',
  message: 'this label is not part of the schema',
  why: 'With strict labels the schema is the whole list, so that a misspelt key is found.',
  configuredBy: ['label-schema', 'strict-labels'],
  examples: {
    bad: ['FROM debian:12\nLABEL vendro=acme'],
    good: ['FROM debian:12\nLABEL vendor=acme'],
  },
  check(context, report) {
    const { options } = context;
    if (!options.strictLabels) return;
    for (const { label, instruction } of labelsOf(context)) {
      if (!options.labelSchema.has(label.key)) report({ span: label.keySpan, toolLine: instruction.line });
    }
  },
};
