/** SC3046: a file read by a word that only bash knows, in sh. */

import type { Rule } from '../rule.ts';
import { scriptsWithoutShellcheck } from '../shellcheck/native.ts';

export const SC3046: Rule = {
  id: 'SC3046',
  family: 'shellcheck',
  severity: 'warning',
  message: "In POSIX sh, 'source' in place of '.' is undefined.",
  why: 'RUN starts /bin/sh, and in Debian that is dash, which does not know source. Write a dot, or choose bash with SHELL.',
  examples: {
    bad: ['FROM debian:12\nRUN source /etc/os-release && echo "$ID" > /id'],
    good: ['FROM debian:12\nRUN . /etc/os-release && echo "$ID" > /id'],
  },
  check(context, report) {
    for (const { run, shell } of scriptsWithoutShellcheck(context)) {
      if (!/(?:^|\/)sh(?:\s|$)/.test(shell)) continue;
      for (const { name, args, span } of run.script.commands)
        if (name.value === 'source' && args.length > 0) report({ span });
    }
  },
};
