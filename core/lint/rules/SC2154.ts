/** SC2154: a variable that nobody sets. */

import type { Rule } from '../rule.ts';
import { nativeScripts, unsetVariables } from '../shellcheck/native.ts';

export const SC2154: Rule = {
  id: 'SC2154',
  family: 'shellcheck',
  severity: 'warning',
  message: 'a variable is used that nothing sets',
  why: 'Neither ARG nor ENV nor the script sets it, so it is empty. Names in upper case may come from the base image and are left alone.',
  examples: {
    bad: ['FROM debian:12\nRUN echo "$version"'],
    good: ['FROM debian:12\nARG version\nRUN echo "$version"', 'FROM debian:12\nRUN echo "${version:-1}"'],
  },
  check(context, report) {
    for (const scripts of nativeScripts(context)) {
      for (const { name, span } of unsetVariables(scripts)) {
        if (/[a-z]/.test(name)) report({ span, message: `${name} is referenced but not assigned.` });
      }
    }
  },
};
