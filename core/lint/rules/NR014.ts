/** NR014: a stage without a name that nothing uses. */

import { neededStages } from '../needed-stages.ts';
import type { Rule } from '../rule.ts';

export const NR014: Rule = {
  id: 'NR014',
  family: 'naru',
  severity: 'warning',
  message: 'nothing uses this stage, and without a name it cannot be built on its own',
  why: 'Only the last stage and what it needs are built. A forgotten FROM often means that the lines above it are not in the image.',
  examples: {
    bad: ['FROM debian:12\nRUN make\nFROM debian:12\nCMD ["/app"]'],
    good: ['FROM debian:12 AS build\nRUN make\nFROM debian:12\nCOPY --from=build /app /app\nCMD ["/app"]'],
  },
  check({ dockerfile, once }, report) {
    const needed = once(neededStages);
    for (const stage of dockerfile.stages) {
      if (!needed.has(stage) && stage.name === undefined) report({ span: stage.from.keywordSpan });
    }
  },
};
