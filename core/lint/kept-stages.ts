/** Findings about what a RUN leaves behind: only in layers that reach an image, those of the last stage and of stages that FROM builds on. */

import type { RunInstruction, Stage } from '../dockerfile/types.ts';
import type { Span } from '../source.ts';
import type { LintContext, Report } from './rule.ts';
import { passes } from './runs.ts';
import type { ShellScript } from './shell/script.ts';

/** `find` answers the words at fault, or undefined. Instructions before any FROM count as kept. */
export function reportInKeptStages(
  context: LintContext,
  report: (found: Report) => void,
  find: (run: RunInstruction, script: ShellScript) => Span | undefined,
): void {
  const { stages } = context.dockerfile;
  const bases = new Set(stages.map(({ from }) => from.image?.text.toLowerCase()));
  const isKept = (stage: Stage | undefined): boolean =>
    stage === undefined ||
    stage === stages.at(-1) ||
    (stage.name !== undefined && bases.has(stage.name.toLowerCase()));
  const [own = [], triggers = []] = passes(context);
  // Where a trigger runs, another build knows; it always counts.
  const all = [...own, ...triggers.map(({ instruction }) => ({ instruction, stage: undefined }))];
  for (const { instruction: run, stage } of all) {
    if (run.name !== 'RUN' || !isKept(stage)) continue;
    const span = find(run, context.shellOf(run));
    if (span !== undefined) report({ span });
  }
}
