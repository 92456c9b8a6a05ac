/** ReservedStageName: a stage named like something of Docker. */

import { goQuote } from '../../dockerfile/go-quote.ts';
import type { Rule } from '../rule.ts';

export const ReservedStageName: Rule = {
  id: 'ReservedStageName',
  family: 'buildkit',
  severity: 'warning',
  message: 'Reserved words should not be used as stage names',
  why: '`scratch` is the empty image and `context` the build context. A stage of that name is never reached by it.',
  examples: {
    bad: ['FROM debian:12 AS scratch'],
    good: ['FROM debian:12 AS base'],
  },
  aliases: ['DL3063'],
  check({ dockerfile }, report) {
    for (const { from } of dockerfile.stages) {
      const name = from.stageName?.text.toLowerCase() ?? '';
      if (from.stageName === undefined || !isReservedStageName(name)) continue;
      const message = `Stage name should not use the same name as reserved stage ${goQuote(name)}`;
      report({ span: from.stageName.span, toolLine: from.line, message });
    }
  },
};

/** `name` in lower case. */
export function isReservedStageName(name: string): boolean {
  return name === 'scratch' || name === 'context';
}
