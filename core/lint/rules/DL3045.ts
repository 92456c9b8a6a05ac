/** DL3045: COPY to a relative path in a stage that sets no WORKDIR. */

import type { Stage } from '../../dockerfile/types.ts';
import { unquoted } from '../quotes.ts';
import { parentStages } from '../stage-graph.ts';
import type { Rule } from '../rule.ts';

export const DL3045: Rule = {
  id: 'DL3045',
  family: 'hadolint',
  severity: 'warning',
  message: 'set WORKDIR before copying to a relative path',
  why: 'The files land in the working directory of the base image, which can change with its next version.',
  examples: {
    bad: ['FROM debian:12\nCOPY app.js app/'],
    good: ['FROM debian:12\nWORKDIR /app\nCOPY app.js .', 'FROM debian:12\nCOPY app.js /app/'],
  },
  check({ instructions, once }, report) {
    const parents = once(parentStages);
    const withWorkdir = new Set<Stage | undefined>();
    for (const { instruction, stage } of instructions('FROM', 'WORKDIR', 'COPY')) {
      if (stage !== undefined && instruction === stage.from) {
        const parent = parents.get(stage);
        if (parent !== undefined && withWorkdir.has(parent)) withWorkdir.add(stage);
      }
      if (instruction.name === 'WORKDIR') withWorkdir.add(stage);
      if (instruction.name !== 'COPY' || instruction.destination === undefined) continue;
      const { text, span } = instruction.destination;
      if (withWorkdir.has(stage) || /^(?:[/$]|\p{L}:)/u.test(unquoted(text))) continue;
      report({ span, toolLine: instruction.line });
    }
  },
};
