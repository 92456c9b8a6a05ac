/** DL3048: a label key that breaks the rules for label keys. */

import { labelsOf } from '../labels.ts';
import type { Rule } from '../rule.ts';

export const DL3048: Rule = {
  id: 'DL3048',
  family: 'hadolint',
  severity: 'style',
  message:
    'a label key has lower-case letters, digits, ., - and _, begins with a letter, and stays out of the namespaces of Docker',
  why: 'Tools look labels up by their exact key, and reserved namespaces mean something to Docker.',
  examples: {
    bad: ['FROM debian:12\nLABEL Vendor=acme', 'FROM debian:12\nLABEL com.docker.name=acme'],
    good: ['FROM debian:12\nLABEL com.acme.vendor=acme'],
  },
  check(context, report) {
    for (const { label, instruction } of labelsOf(context)) {
      if (isValidKey(label.key)) continue;
      report({ span: label.keySpan, toolLine: instruction.line });
    }
  },
};

/** docs.docker.com, "Docker object labels", §Key format recommendations; a slash is tolerated. */
function isValidKey(key: string): boolean {
  if (!/^[a-z](?:[a-z0-9._/-]*[a-z0-9])?$/.test(key)) return false;
  return !/\.\.|--/.test(key) && !/^(?:com\.docker|io\.docker|org\.dockerproject)\./.test(key);
}
