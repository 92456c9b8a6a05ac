/** NR117: an instruction that the one above has swallowed. */

import type { Rule } from '../rule.ts';
import { swallowedInstructions } from '../swallowed.ts';

export const NR117: Rule = {
  id: 'NR117',
  family: 'naru',
  severity: 'warning',
  message: 'this is part of the instruction above, whose last line ends with a backslash',
  why: 'A line that ends with a backslash goes on in the next one, also over empty lines and comments: the instruction there is only a word of the one above, and is never carried out. The fix takes the backslash away, and the `&&` before it.',
  examples: {
    bad: ['FROM debian:12\nRUN make && \\\n    make install && \\\nCOPY app /app'],
    good: ['FROM debian:12\nRUN make && \\\n    make install\nCOPY app /app'],
  },
  check({ dockerfile }, report) {
    for (const instruction of dockerfile.instructions) {
      const found = swallowedInstructions(dockerfile, instruction);
      const [first] = found;
      if (first === undefined) continue;
      const edits = found.map(({ cut }) => ({ span: cut, text: '' }));
      const title = `End the ${instruction.keyword} above`;
      report({
        span: first.span,
        message: `${first.keyword} is part of the ${instruction.keyword} above, whose last line ends with ${dockerfile.escape}`,
        // What is left of others may be too little.
        ...(instruction.name === 'RUN'
          ? { fix: { title, edits, changesPlan: true, needsReview: true } }
          : {}),
      });
    }
  },
};
