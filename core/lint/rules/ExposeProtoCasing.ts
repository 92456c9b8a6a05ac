/** ExposeProtoCasing: EXPOSE with a protocol in capital letters. */

import { evaluated } from '../evaluation.ts';
import type { Rule } from '../rule.ts';

export const ExposeProtoCasing: Rule = {
  id: 'ExposeProtoCasing',
  family: 'buildkit',
  severity: 'warning',
  message: 'Protocol in EXPOSE instruction should be lowercase',
  why: 'Docker compares and stores protocols in lower case.',
  examples: {
    bad: ['FROM debian:12\nEXPOSE 80/TCP'],
    good: ['FROM debian:12\nEXPOSE 80/tcp'],
  },
  check(context, report) {
    const { dockerfile } = context;
    for (const { at, instruction, words } of evaluated(context, 'EXPOSE')) {
      for (const { span, text } of words) {
        const proto = /\/(tcp|udp|sctp)$/i.exec(text)?.[1];
        if (proto === undefined || proto === proto.toLowerCase()) continue;
        const lower = text.slice(0, -proto.length) + proto.toLowerCase();
        const isPlain = at === instruction && dockerfile.text.slice(span.start, span.end) === text;
        report({
          span,
          toolLine: at.line,
          silencedAt: instruction,
          message: `Defined protocol '${text}' in EXPOSE instruction should be lowercase`,
          ...(isPlain ? { fix: { title: 'Write it in lower case', edits: [{ span, text: lower }] } } : {}),
        });
      }
    }
  },
};
