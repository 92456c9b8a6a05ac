/** NR029: curl saves the error page of a server. */

import { offeredBehind } from '../insertion.ts';
import type { Rule } from '../rule.ts';
import { programsNamed } from '../runs.ts';

export const NR029: Rule = {
  id: 'NR029',
  family: 'naru',
  severity: 'info',
  message: 'use curl -f: without it an error page counts as success',
  why: 'A server that answers 404 still answers, and curl writes what it says into the file. With --fail it ends with an error and the build stops. The fix adds the flag.',
  examples: {
    bad: ['FROM debian:12\nRUN curl -o tool.tar.gz https://example.com/tool.tar.gz'],
    good: ['FROM debian:12\nRUN curl -fo tool.tar.gz https://example.com/tool.tar.gz'],
  },
  check(context, report) {
    for (const { args, name, span } of programsNamed(context, 'curl')) {
      if (args.some(({ value }) => SAYS_WHEN.test(value))) continue;
      if (!args.some(({ value }) => ADDRESS.test(value))) continue;
      report({ span, fix: offeredBehind(name, '-f') });
    }
  },
};

/** Flags with which the caller sees what the server said, or which fetch nothing. */
const SAYS_WHEN = /^--(?:fail|head|write-out|version|help|config)|^-[a-zA-Z]*[fIwVKh]/;
const ADDRESS = /^["']?(?:https?|ftp):\/\/|^["']?\$\{?\w*ur[il]/i;
