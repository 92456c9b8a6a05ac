/** DL3049: a label that the schema asks for is missing. */

import { stageReferences } from '../../dockerfile/stage-references.ts';
import type { Dockerfile, Stage } from '../../dockerfile/types.ts';
import { stageLabels } from '../labels.ts';
import { earlierStage, parentStages } from '../stage-graph.ts';
import type { Rule } from '../rule.ts';

export const DL3049: Rule = {
  id: 'DL3049',
  family: 'hadolint',
  severity: 'info',
  message: 'a label of the schema is missing',
  why: 'The label schema of the project says which labels every image has.',
  examples: {
    bad: ['FROM debian:12'],
    good: ['FROM debian:12\nLABEL maintainer="a@example.com"'],
  },
  check({ dockerfile, options }, report) {
    for (const name of options.labelSchema.keys()) {
      for (const stage of stagesWithout(dockerfile, name)) {
        const span = stage.from.image?.span ?? stage.from.keywordSpan;
        report({ span, toolLine: stage.from.line, message: `the label \`${name}\` is missing` });
      }
    }
  },
};

/** Stages that neither set nor inherit the label; those that only give files to later ones need none. */
function stagesWithout(dockerfile: Dockerfile, name: string): readonly Stage[] {
  const parents = parentStages(dockerfile);
  const labelled = new Set<Stage>();
  const copiedFrom = new Set<Stage>();
  for (const stage of dockerfile.stages) {
    const parent = parents.get(stage);
    const isInherited = parent !== undefined && labelled.has(parent);
    if (isInherited || stageLabels(stage).some(({ key }) => key === name)) labelled.add(stage);
    for (const instruction of stage.instructions) {
      if (instruction.name !== 'COPY') continue;
      for (const reference of stageReferences(instruction)) {
        const source = earlierStage(dockerfile, reference.name, stage);
        if (source !== undefined) copiedFrom.add(source);
      }
    }
  }
  return dockerfile.stages.filter((stage) => !labelled.has(stage) && !copiedFrom.has(stage));
}
