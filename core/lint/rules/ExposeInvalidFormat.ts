/** ExposeInvalidFormat: EXPOSE with an address or a host port. */

import { evaluated } from '../evaluation.ts';
import type { Rule } from '../rule.ts';

export const ExposeInvalidFormat: Rule = {
  id: 'ExposeInvalidFormat',
  family: 'buildkit',
  severity: 'warning',
  message:
    'IP address and host-port mapping should not be used in EXPOSE instruction. This will become an error in a future release',
  why: 'EXPOSE publishes nothing, so there is no host side to name. Docker drops it today and means to refuse it.',
  examples: {
    bad: ['FROM debian:12\nEXPOSE 127.0.0.1:80:80'],
    good: ['FROM debian:12\nEXPOSE 80'],
  },
  check(context, report) {
    const { dockerfile } = context;
    for (const { at, instruction, words } of evaluated(context, 'EXPOSE')) {
      for (const { span, text } of words) {
        if (!text.includes(':')) continue;
        const parts = text.split(':');
        const port = parts.pop() ?? '';
        if (parts.every((part) => part === '')) continue;
        const isPlain =
          port !== '' && at === instruction && dockerfile.text.slice(span.start, span.end) === text;
        report({
          span,
          toolLine: at.line,
          silencedAt: instruction,
          message: `EXPOSE instruction should not define an IP address or host-port mapping, found '${text}'`,
          ...(isPlain ? { fix: { title: `Expose ${port}`, edits: [{ span, text: port }] } } : {}),
        });
      }
    }
  },
};
