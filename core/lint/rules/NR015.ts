/** NR015: a named stage that the last one does not need. */

import { neededStages } from '../needed-stages.ts';
import type { Rule } from '../rule.ts';

export const NR015: Rule = {
  id: 'NR015',
  family: 'naru',
  severity: 'off',
  message: 'the last stage does not need this one',
  why: 'It is built only when it is asked for with --target. That is a fine way to keep tests and tools in the same file, and an easy way to leave dead lines behind.',
  examples: {
    bad: ['FROM debian:12 AS old\nRUN make\nFROM debian:12\nCMD ["/app"]'],
    good: ['FROM debian:12 AS build\nRUN make\nFROM debian:12\nCOPY --from=build /app /app\nCMD ["/app"]'],
  },
  check({ dockerfile, once }, report) {
    const needed = once(neededStages);
    for (const stage of dockerfile.stages) {
      const { stageName } = stage.from;
      if (stageName !== undefined && !needed.has(stage)) report({ span: stageName.span });
    }
  },
};
