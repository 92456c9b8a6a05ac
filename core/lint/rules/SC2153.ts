/** SC2153: a variable that nobody sets is called almost like one that is. */

import { suggestion } from '../../dockerfile/suggestion.ts';
import type { Rule } from '../rule.ts';
import { nativeScripts, unsetVariables } from '../shellcheck/native.ts';

export const SC2153: Rule = {
  id: 'SC2153',
  family: 'shellcheck',
  severity: 'info',
  message: 'Possible misspelling of a variable.',
  why: 'Names in upper case may come from the environment, so only one that looks like another is told.',
  examples: {
    bad: ['FROM debian:12\nARG APP_VERSION=1\nRUN make "$APP_VERSOIN"'],
    good: ['FROM debian:12\nARG APP_VERSION=1\nRUN make "$APP_VERSION" "$SOMETHING_ELSE"'],
  },
  check(context, report) {
    for (const scripts of nativeScripts(context)) {
      for (const { name, span } of unsetVariables(scripts)) {
        // Short names are near to many others; those with small letters are SC2154's.
        if (name.length <= 7 || /[a-z]/.test(name)) continue;
        const known = [...scripts.expansions.set.keys(), ...scripts.script.variables.names()];
        const nearest = known.length > MAX_KNOWN ? undefined : suggestion(name, known, 'case-sensitive');
        if (nearest === undefined) continue;
        const message = `Possible misspelling: ${name} may not be assigned. Did you mean ${nearest}?`;
        report({ span, message });
      }
    }
  },
};

/** Beyond it the search would cost more than a misspelt name in such a file is worth. */
const MAX_KNOWN = 300;
