/** SC3028: a variable that only bash has, in sh. */

import type { Rule } from '../rule.ts';
import { nativeScripts } from '../shellcheck/native.ts';

export const SC3028: Rule = {
  id: 'SC3028',
  family: 'shellcheck',
  severity: 'warning',
  message: 'In POSIX sh, the variable is undefined.',
  why: 'RUN starts /bin/sh, and in Debian that is dash, which does not have it. Choose bash with SHELL, or do without.',
  examples: {
    bad: ['FROM debian:12\nRUN echo "$RANDOM" > /seed'],
    good: ['FROM debian:12\nSHELL ["/bin/bash", "-c"]\nRUN echo "$RANDOM" > /seed'],
  },
  check(context, report) {
    for (const {
      expansions: { all, set },
      script,
    } of nativeScripts(context)) {
      if (!/(?:^|\/)sh(?:\s|$)/.test(script.shell)) continue;
      for (const found of all) {
        const { name = '' } = found;
        if (!ONLY_BASH.has(name) || set.has(name) || script.variables.has(name)) continue;
        report({ span: found.span, message: `In POSIX sh, ${name} is undefined.` });
      }
    }
  },
};

const ONLY_BASH: ReadonlySet<string> = new Set(
  'BASHPID BASH_SOURCE BASH_VERSION DIRSTACK EUID HOSTTYPE MACHTYPE OSTYPE PIPESTATUS RANDOM SECONDS SHELLOPTS SHLVL UID'.split(
    ' ',
  ),
);
