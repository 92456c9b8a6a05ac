/** NR113: files are taken from an image that cannot exist. */

import { isImageReference } from '../image-name.ts';
import { references } from '../references.ts';
import type { Rule } from '../rule.ts';
import { earlierStage } from '../stage-graph.ts';

export const NR113: Rule = {
  id: 'NR113',
  family: 'naru',
  severity: 'error',
  message: 'this is neither a stage above nor the name of an image',
  why: 'What --from and from= name is a stage above this one, a context given with the build, or an image, whose name is lower case. A name that can be none of them ends the build.',
  examples: {
    bad: ['FROM debian:12\nCOPY --from=Build:1 /a /b'],
    good: ['FROM debian:12\nCOPY --from=busybox:1.36 /a /b'],
  },
  aliases: ['DL3022'],
  check({ dockerfile, once }, report) {
    for (const { instruction, name, span, stage } of once(references)) {
      // A plain word may be a context given with the build.
      if (instruction.name === 'FROM' || name.includes('$') || /^[\w.-]*$/.test(name)) continue;
      if (earlierStage(dockerfile, name, stage) !== undefined || isImageReference(name)) continue;
      report({ span, message: `${name} is not the name of an image` });
    }
  },
};
