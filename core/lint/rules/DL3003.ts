/** DL3003: cd in a RUN. */

import type { Rule } from '../rule.ts';
import { runsWith } from '../runs.ts';

export const DL3003: Rule = {
  id: 'DL3003',
  family: 'hadolint',
  severity: 'warning',
  message: 'use WORKDIR to change the directory',
  why: 'cd lasts until the end of its RUN. WORKDIR says the directory once, for this and the following instructions, and shows it in the image.',
  examples: {
    bad: ['FROM debian:12\nRUN cd /src && make'],
    good: ['FROM debian:12\nWORKDIR /src\nRUN make'],
  },
  check(context, report) {
    for (const { commands, isTrigger } of runsWith(context, 'cd')) {
      if (isTrigger) continue;
      for (const { name } of commands) if (name.value === 'cd') report({ span: name.span });
    }
  },
};
