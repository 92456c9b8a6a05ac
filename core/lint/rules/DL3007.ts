/** DL3007: FROM with the tag `latest`. */

import { imageName } from '../image-name.ts';
import { isNamedContext } from '../named-context.ts';
import { unquoted } from '../quotes.ts';
import type { Rule } from '../rule.ts';

export const DL3007: Rule = {
  id: 'DL3007',
  family: 'hadolint',
  severity: 'warning',
  message: 'pin a version instead of latest',
  why: 'The tag `latest` moves. A version, or a digest, keeps builds repeatable and lets you decide when to move.',
  examples: {
    bad: ['FROM debian:latest'],
    good: [
      'FROM debian:12',
      'FROM debian:latest@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
    ],
  },
  check({ dockerfile, options }, report) {
    for (const { from } of dockerfile.stages) {
      if (from.image === undefined || isNamedContext(options, from.image.text)) continue;
      const { tag, digest } = imageName(unquoted(from.image.text));
      if (tag === 'latest' && digest === undefined) report({ span: from.image.span });
    }
  },
};
