/** NR118: a mount from a stage that is not there yet. */

import { references } from '../references.ts';
import type { Rule } from '../rule.ts';

export const NR118: Rule = {
  id: 'NR118',
  family: 'naru',
  severity: 'error',
  message: 'a mount comes from an earlier stage',
  why: 'The stage a RUN stands in is not finished, and later ones are not begun: `--mount=from=` of either ends the build.',
  examples: {
    bad: ['FROM debian:12 AS app\nRUN --mount=from=build,target=/b make\nFROM debian:12 AS build'],
    good: ['FROM debian:12 AS build\nFROM debian:12 AS app\nRUN --mount=from=build,target=/b make'],
  },
  check({ dockerfile, once }, report) {
    for (const { instruction, name, span, stage } of once(references)) {
      if (instruction.name !== 'RUN' || stage === undefined) continue;
      const isNamed = (candidate: { readonly name?: string | undefined }): boolean =>
        candidate.name?.toLowerCase() === name.toLowerCase();
      if (dockerfile.stages.slice(0, stage.index).some(isNamed)) continue;
      const found = dockerfile.stages.slice(stage.index).find(isNamed);
      if (found === undefined) continue;
      const message =
        found === stage
          ? `${name} is the stage this RUN stands in, which is not finished yet`
          : `${name} is defined further down: a mount comes from an earlier stage`;
      report({ span, toolLine: instruction.line, message });
    }
  },
};
