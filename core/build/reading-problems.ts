/** Which problems end a build, and which first: BuildKit reads the whole file, expands every FROM, and then the values of the stages that it builds (dockerd 28.5.2, measured). */

import type { Dockerfile } from '../dockerfile/types.ts';
import type { Problem, Span } from '../source.ts';

const OF_VALUES = 'E_EXPANSION';

/** Those of the reader that end it whatever is built, for a look before there is a plan. */
export function problemsOfAnyBuild(read: readonly Problem[]): readonly Problem[] {
  return read.filter(({ code }) => code !== OF_VALUES);
}

/** What the reader and the planner found, in BuildKit's order, without values of the steps in `skipped`. */
export function problemsOfBuild(
  read: readonly Problem[],
  planned: readonly Problem[],
  { stages }: Pick<Dockerfile, 'stages'>,
  skipped: readonly { readonly span: Span }[],
): readonly Problem[] {
  const values = read.filter(({ code }) => code === OF_VALUES);
  const ofBases = values.filter(isIn(stages.map(({ from }) => from)));
  const ofSteps = values.filter((problem) => !ofBases.includes(problem) && !isIn(skipped)(problem));
  return [...problemsOfAnyBuild(read), ...ofBases, ...planned, ...ofSteps];
}

function isIn(parts: readonly { readonly span: Span }[]): (problem: Problem) => boolean {
  return ({ span }) => parts.some((part) => part.span.start <= span.start && span.start < part.span.end);
}
