/** SC2086: a variable is split into words. */

import type { Rule } from '../rule.ts';
import { nativeScripts } from '../shellcheck/native.ts';

export const SC2086: Rule = {
  id: 'SC2086',
  family: 'shellcheck',
  severity: 'info',
  message: 'Double quote to prevent globbing and word splitting.',
  why: 'The shell splits the value at blanks and expands patterns in it; an empty one disappears. Quotes keep it one argument.',
  examples: {
    bad: ['FROM debian:12\nRUN rm -r /opt/$NAME'],
    good: ['FROM debian:12\nRUN rm -r "/opt/$NAME"', 'FROM debian:12\nARG NAME=x\nRUN rm -r /opt/$NAME'],
  },
  check(context, report) {
    for (const {
      expansions: { all, set },
      script,
    } of nativeScripts(context)) {
      for (const found of all) {
        const { isSplit, name } = found;
        if (!isSplit || name === undefined || !/^[A-Za-z_]/.test(name) || ONE_WORD.has(name)) continue;
        // What ARG and ENV set is taken for one word, as ShellCheck takes it from hadolint.
        if (script.variables.has(name) || set.get(name) === false) continue;
        report({ span: found.span });
      }
    }
  },
};

/** Numbers, whatever the script does. */
const ONE_WORD: ReadonlySet<string> = new Set(
  'BASHPID COLUMNS EUID HISTCMD LINENO LINES OPTIND PPID RANDOM SECONDS SHLVL UID'.split(' '),
);
