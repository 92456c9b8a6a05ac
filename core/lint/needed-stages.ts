/** Which stages a build of the last one needs. */

import { stageReferences } from '../dockerfile/stage-references.ts';
import type { Stage } from '../dockerfile/types.ts';
import { namedInStages, stageTriggers } from './references.ts';
import type { LintContext } from './rule.ts';
import { earlierStage } from './stage-graph.ts';

/** The last stage and all it stands on or copies from. A name with a variable may mean any stage, so all are needed then. */
export function neededStages({ dockerfile, once }: LintContext): ReadonlySet<Stage> {
  const last = dockerfile.stages.at(-1);
  const needed = new Set<Stage>();
  const waiting = last === undefined ? [] : [last];
  for (let stage = waiting.pop(); stage !== undefined; stage = waiting.pop()) {
    if (needed.has(stage)) continue;
    needed.add(stage);
    const current = stage;
    const inTriggers = (once(stageTriggers).get(stage) ?? []).flatMap(stageReferences);
    const named = [...(once(namedInStages).get(stage) ?? []), ...inTriggers.map(({ name }) => name)];
    for (const name of [stage.from.image?.text ?? '', ...named]) {
      if (name.includes('$')) return new Set(dockerfile.stages);
      const other = earlierStage(dockerfile, name, current);
      if (other !== undefined) waiting.push(other);
    }
  }
  return needed;
}
