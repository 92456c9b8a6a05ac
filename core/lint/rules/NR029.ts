/** NR029: curl saves the error page of a server. */

import { runSteps } from '../run-steps.ts';
import type { Rule } from '../rule.ts';

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
    for (const { commands } of runSteps(context)) {
      for (const { name, nameSpan, span, words } of commands) {
        if (name !== 'curl') continue;
        if (
          words.some((word) =>
            /^--(?:fail|head|write-out|version|help|config)|^-[a-zA-Z]*[fIwVKh]/.test(word),
          )
        )
          continue;
        if (!words.some((word) => /^["']?(?:https?|ftp):\/\/|^["']?\$\{?\w*ur[il]/i.test(word))) continue;
        const edit = { span: { start: nameSpan.end, end: nameSpan.end }, text: ' -f' };
        report({ span, fix: { title: 'Add -f', edits: [edit], changesPlan: true } });
      }
    }
  },
};
