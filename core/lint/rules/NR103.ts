/** NR103: COPY from a stage by a number that no stage has. */

import { references } from '../references.ts';
import type { Rule } from '../rule.ts';

export const NR103: Rule = {
  id: 'NR103',
  family: 'naru',
  severity: 'error',
  message: 'only stages above this one can be copied from',
  why: 'Stages are counted from 0, and a stage can be used once it is complete. Names say better which one is meant.',
  examples: {
    bad: ['FROM debian:12\nCOPY --from=3 /a /b'],
    good: ['FROM debian:12 AS build\nFROM debian:12\nCOPY --from=0 /a /b'],
  },
  aliases: ['DL3022'],
  check({ dockerfile, once }, report) {
    for (const { instruction, name, span, stage } of once(references)) {
      if (instruction.name !== 'COPY' || stage === undefined) continue;
      // Of a stage that comes later NR118 speaks.
      if (!/^\d+$/.test(name) || Number(name) < dockerfile.stages.length) continue;
      report({ span, message: `no stage has the number ${name}` });
    }
  },
};
