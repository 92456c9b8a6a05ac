/** NR031: apt-key, which Debian has taken out. */

import type { Rule } from '../rule.ts';
import { programsNamed } from '../runs.ts';

export const NR031: Rule = {
  id: 'NR031',
  family: 'naru',
  severity: 'warning',
  message: 'apt-key is gone: save the key to /etc/apt/keyrings and name it with signed-by',
  why: 'Debian 13 and Ubuntu 24.10 have no apt-key, and a key it adds is trusted for every archive. A key in a file of its own is trusted for the source that names it.',
  examples: {
    bad: ['FROM debian:11\nRUN curl -fsSL https://example.com/key.asc | apt-key add -'],
    good: [
      'FROM debian:13\nADD --checksum=sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef https://example.com/key.asc /etc/apt/keyrings/example.asc',
    ],
  },
  check(context, report) {
    for (const { name } of programsNamed(context, 'apt-key')) report({ span: name.span });
  },
};
