/** DL3057: a stage without HEALTHCHECK. */

import type { Stage } from '../../dockerfile/types.ts';
import { parentStages } from '../stage-graph.ts';
import type { Rule } from '../rule.ts';

export const DL3057: Rule = {
  id: 'DL3057',
  family: 'hadolint',
  severity: 'off',
  message: 'HEALTHCHECK is missing',
  why: 'Without a health check Docker knows only whether the process lives, not whether it answers.',
  examples: {
    bad: ['FROM debian:12'],
    good: ['FROM debian:12\nHEALTHCHECK CMD ["true"]'],
  },
  check({ dockerfile, once }, report) {
    const parents = once(parentStages);
    const checked = new Set<Stage>();
    for (const stage of dockerfile.stages) {
      const parent = parents.get(stage);
      if (parent !== undefined && checked.has(parent)) checked.add(stage);
      if (!stage.instructions.some(({ name }) => name === 'HEALTHCHECK')) continue;
      // What a later stage checks, the stages below it need not.
      for (let at: Stage | undefined = stage; at !== undefined; at = parents.get(at)) checked.add(at);
    }
    for (const stage of dockerfile.stages) {
      if (!checked.has(stage)) report({ span: stage.from.image?.span ?? stage.from.keywordSpan });
    }
  },
};
