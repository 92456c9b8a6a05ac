/** UndefinedArgInFrom: FROM with a variable that no ARG before it declares. */

import { expand } from '../../dockerfile/expansion.ts';
import { suggestion } from '../../dockerfile/suggestion.ts';
import { expandableTexts, sourceSpan } from '../../dockerfile/variables.ts';
import { globalVariables } from '../evaluation.ts';
import { renaming } from '../renaming.ts';
import type { Rule } from '../rule.ts';

export const UndefinedArgInFrom: Rule = {
  id: 'UndefinedArgInFrom',
  family: 'buildkit',
  severity: 'warning',
  message: 'FROM command must use declared ARGs',
  why: 'The variable is empty, so that the image is another one than the text suggests, or none. Only ARGs before the first FROM count.',
  examples: {
    bad: ['FROM debian:${VERSION}'],
    good: ['ARG VERSION=12\nFROM debian:${VERSION}'],
  },
  check({ dockerfile }, report) {
    const globals = globalVariables(dockerfile);
    const { escape } = dockerfile;
    for (const { from } of dockerfile.stages) {
      for (const text of expandableTexts(from)) {
        const seen = new Set<string>();
        for (const { name, nameSpan } of expand(text.text, { escape, lookup: (key) => globals.get(key) })
          .uses) {
          if (globals.has(name) || seen.has(name)) continue;
          seen.add(name);
          const nearest = suggestion(name, [...globals.keys()], 'case-sensitive');
          const span = sourceSpan(text, nameSpan);
          const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
          report({
            span,
            toolLine: from.line,
            message: `FROM argument '${name}' is not declared${hint}`,
            ...renaming(span, name, nearest),
          });
        }
      }
    }
  },
};
