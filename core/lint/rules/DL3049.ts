/** DL3049: a label that the schema asks for is missing. */

import type { Stage } from '../../dockerfile/types.ts';
import { stageLabels } from '../labels.ts';
import { earlierStage, parentStages } from '../stage-graph.ts';
import { references } from '../references.ts';
import type { LintContext, Rule } from '../rule.ts';

export const DL3049: Rule = {
  id: 'DL3049',
  family: 'hadolint',
  severity: 'info',
  message: 'a label of the schema is missing',
  why: 'The label schema of the project says which labels every image has.',
  configuredBy: ['label-schema'],
  examples: {
    bad: ['FROM debian:12'],
    good: ['FROM debian:12\nLABEL maintainer="a@example.com"'],
  },
  check(context, report) {
    for (const name of context.options.labelSchema.keys()) {
      for (const stage of stagesWithout(context, name)) {
        const span = stage.from.image?.span ?? stage.from.keywordSpan;
        report({ span, toolLine: stage.from.line, message: `the label \`${name}\` is missing` });
      }
    }
  },
};

/** Stages that neither set nor inherit the label; those that only serve later ones, which set it or take files from them, need none. */
function stagesWithout({ dockerfile, followsHadolint, once }: LintContext, name: string): readonly Stage[] {
  const parents = once(parentStages);
  const labelled = new Set<Stage>();
  const serving = new Set<Stage>();
  for (const stage of dockerfile.stages) {
    const parent = parents.get(stage);
    const isInherited = parent !== undefined && labelled.has(parent);
    const isSet = stageLabels(stage).some(({ key }) => key === name);
    if (isInherited || isSet) labelled.add(stage);
    if (isSet) markServing(stage, parents, serving);
  }
  for (const reference of once(references)) {
    if (reference.instruction.name !== 'COPY') continue;
    const source = earlierStage(dockerfile, reference.name, reference.stage);
    if (source === undefined) continue;
    serving.add(source);
    if (!followsHadolint) markServing(source, parents, serving);
  }
  return dockerfile.stages.filter((stage) => !labelled.has(stage) && !serving.has(stage));
}

/** All that the stage stands on. */
function markServing(stage: Stage, parents: ReadonlyMap<Stage, Stage>, serving: Set<Stage>): void {
  for (let at = parents.get(stage); at !== undefined; at = parents.get(at)) serving.add(at);
}
