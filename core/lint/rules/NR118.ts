/** NR118: files of a stage that is not there yet. */

import type { Stage } from '../../dockerfile/types.ts';
import { isNamedContext } from '../named-context.ts';
import { references } from '../references.ts';
import type { Rule } from '../rule.ts';

export const NR118: Rule = {
  id: 'NR118',
  family: 'naru',
  severity: 'error',
  message: 'files come from an earlier stage',
  why: 'Later stages are not begun, and the stage an instruction stands in is not finished: `COPY --from=` and `RUN --mount=from=` of either end the build.',
  examples: {
    bad: [
      'FROM debian:12 AS app\nCOPY --from=build /b /b\nFROM debian:12 AS build',
      'FROM debian:12 AS app\nRUN --mount=from=app,target=/b make',
    ],
    good: ['FROM debian:12 AS build\nFROM debian:12 AS app\nCOPY --from=build /b /b'],
  },
  aliases: ['DL3022'],
  check({ dockerfile, once, options }, report) {
    for (const { instruction, name, span, stage } of once(references)) {
      if (instruction.name === 'FROM' || stage === undefined || isNamedContext(options, name)) continue;
      const isMeant = (candidate: Stage): boolean =>
        candidate.name?.toLowerCase() === name.toLowerCase() ||
        // Docker: a mount takes a number for an image (28.5.2, measured).
        (instruction.name === 'COPY' && name === String(candidate.index));
      if (dockerfile.stages.slice(0, stage.index).some(isMeant)) continue;
      const found = dockerfile.stages.slice(stage.index).find(isMeant);
      if (found === undefined) continue;
      // Of a COPY from its own stage by name DL3023 speaks.
      const isNumber = name === String(found.index);
      if (found === stage && instruction.name === 'COPY' && !isNumber) continue;
      const message =
        found === stage
          ? `${name} is the stage this ${instruction.keyword} stands in, which is not finished yet`
          : `${name} is defined further down: files come from an earlier stage`;
      report({ span, toolLine: instruction.line, message });
    }
  },
};
