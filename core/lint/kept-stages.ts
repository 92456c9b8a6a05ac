/** Findings about what a RUN leaves behind: only in layers that reach an image, those of the last stage and of stages that FROM builds on. */

import type { Stage } from '../dockerfile/types.ts';
import type { Span } from '../source.ts';
import type { LintContext, Report } from './rule.ts';
import { runsWith, type ScriptedRun } from './runs.ts';

/** Looks at the RUNs with a command of these names. `find` answers the words at fault, or undefined. Instructions before any FROM count as kept. */
export function reportInKeptStages(
  context: LintContext,
  report: (found: Report) => void,
  names: readonly string[],
  find: (run: ScriptedRun) => Span | undefined,
): void {
  const { stages } = context.dockerfile;
  const bases = new Set(stages.map(({ from }) => from.image?.text.toLowerCase()));
  const isKept = (stage: Stage | undefined): boolean =>
    stage === undefined ||
    stage === stages.at(-1) ||
    (stage.name !== undefined && bases.has(stage.name.toLowerCase()));
  for (const run of runsWith(context, ...names)) {
    // Where a trigger runs, another build knows; it always counts.
    const span = run.isTrigger || isKept(run.stage) ? find(run) : undefined;
    if (span !== undefined) report({ span });
  }
}
