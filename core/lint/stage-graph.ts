/** Which stage stands on which: names of stages are compared without case, and a later stage of the same name wins, as in BuildKit. */

import type { Dockerfile, Stage } from '../dockerfile/types.ts';
import type { LintContext } from './rule.ts';
import { defaultExpansion } from './default-arguments.ts';

/** Each stage that starts from an earlier one, with that one. Variables have the defaults of their ARG. */
export function parentStages({ dockerfile }: Pick<LintContext, 'dockerfile'>): ReadonlyMap<Stage, Stage> {
  const expandDefaults = defaultExpansion(dockerfile);
  const named = new Map<string, Stage>();
  const parents = new Map<Stage, Stage>();
  for (const stage of dockerfile.stages) {
    const parent = named.get(expandDefaults(stage.from.image?.text ?? '').toLowerCase());
    if (parent !== undefined) parents.set(stage, parent);
    if (stage.name !== undefined) named.set(stage.name.toLowerCase(), stage);
  }
  return parents;
}

/** The stage before `before` that `name` means: its name or its index. */
export function earlierStage(
  dockerfile: Dockerfile,
  name: string,
  before: Stage | undefined,
): Stage | undefined {
  const { stages } = dockerfile;
  const end = before?.index ?? 0;
  const wanted = name.toLowerCase();
  for (let index = end - 1; index >= 0; index -= 1) {
    const stage = stages[index];
    // Lengths first: files with hundreds of stages ask this for each of them.
    if (stage?.name?.length === wanted.length && stage.name.toLowerCase() === wanted) return stage;
  }
  return /^\d+$/.test(name) && Number(name) < end ? stages[Number(name)] : undefined;
}

/** The image at the bottom of a stage, as FROM names it; '' where that is not said. */
export function bottomImage(stage: Stage, parents: ReadonlyMap<Stage, Stage>): string {
  let bottom = stage;
  for (let below = parents.get(bottom); below !== undefined; below = parents.get(bottom)) bottom = below;
  return bottom.from.image?.text ?? '';
}
