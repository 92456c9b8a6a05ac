/** DL3023: COPY --from the stage it stands in. */

import { references } from '../references.ts';
import type { Rule } from '../rule.ts';

export const DL3023: Rule = {
  id: 'DL3023',
  family: 'hadolint',
  severity: 'error',
  message: 'COPY --from cannot name its own stage',
  why: 'A stage is not finished while it is being built, so nothing can be copied from it into itself. Use RUN cp instead.',
  isRefusal: true,
  examples: {
    bad: ['FROM debian:12 AS app\nCOPY --from=app /a /b'],
    good: ['FROM debian:12 AS build\nFROM debian:12 AS app\nCOPY --from=build /a /b'],
  },
  check({ once }, report) {
    for (const { instruction, name, span, stage } of once(references)) {
      if (instruction.name !== 'COPY' || name.toLowerCase() !== stage?.name?.toLowerCase()) continue;
      report({ span, toolLine: instruction.line });
    }
  },
};
