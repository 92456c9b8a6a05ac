/** DL3011: EXPOSE of a port above 65535. */

import { unquoted } from '../quotes.ts';
import type { Rule } from '../rule.ts';

export const DL3011: Rule = {
  id: 'DL3011',
  family: 'hadolint',
  severity: 'error',
  message: 'ports range from 0 to 65535',
  why: 'No such port exists, so Docker refuses the file or the container can never listen there.',
  examples: {
    bad: ['FROM debian:12\nEXPOSE 80000'],
    good: ['FROM debian:12\nEXPOSE 8080', 'FROM debian:12\nEXPOSE 8000-8010/tcp'],
  },
  aliases: ['NR101'],
  check({ instructions }, report) {
    for (const { instruction } of instructions('EXPOSE')) {
      for (const { text, span } of instruction.values) {
        const range = /^(\d+)(?:-(\d+))?(?:\/.*)?$/.exec(unquoted(text));
        if (range === null) continue;
        if (Math.max(Number(range[1]), Number(range[2] ?? 0)) > 65535) report({ span });
      }
    }
  },
};
