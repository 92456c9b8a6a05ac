/** Which problems end a build, and which first: BuildKit expands values after it has read the whole file, and only in stages that it builds (dockerd 28.5.2, measured). */

import type { Dockerfile } from '../dockerfile/types.ts';
import type { Problem, Span } from '../source.ts';

const OF_VALUES = 'E_EXPANSION';

/** Those of the reader that end it whatever is built, for a look before there is a plan. */
export function problemsOfAnyBuild(read: readonly Problem[]): readonly Problem[] {
  return read.filter(({ code }) => code !== OF_VALUES);
}

/** What the reader and the planner found, in BuildKit's order, without values of the steps in `skipped`. A FROM is expanded in every stage. */
export function problemsOfBuild(
  read: readonly Problem[],
  planned: readonly Problem[],
  { stages }: Pick<Dockerfile, 'stages'>,
  skipped: readonly { readonly span: Span }[],
): readonly Problem[] {
  const froms = new Set(stages.map(({ from }) => from.span.start));
  const unread = skipped.filter(({ span }) => !froms.has(span.start));
  const ofValues = read.filter(
    ({ code, span }) =>
      code === OF_VALUES &&
      !unread.some((step) => step.span.start <= span.start && span.start < step.span.end),
  );
  return [...problemsOfAnyBuild(read), ...planned, ...ofValues];
}
