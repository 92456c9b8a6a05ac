/** NR019: a base image without a digest. */

import { earlierStage } from '../stage-graph.ts';
import type { Rule } from '../rule.ts';

export const NR019: Rule = {
  id: 'NR019',
  family: 'naru',
  severity: 'off',
  message: 'name the digest of the base image: image:tag@sha256:…',
  why: 'A tag can be moved to another image. With the digest the base stays what it was until somebody changes the line.',
  examples: {
    bad: ['FROM debian:12'],
    good: ['FROM debian:12@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'],
  },
  check({ dockerfile }, report) {
    for (const stage of dockerfile.stages) {
      const { image } = stage.from;
      if (image === undefined || image.text === 'scratch' || /[@$]/.test(image.text)) continue;
      if (earlierStage(dockerfile, image.text, stage) === undefined) report({ span: image.span });
    }
  },
};
