/** `--build-arg BUILDKIT_DOCKERFILE_CHECK=…` stands in for the file's `# check=` (dockerd 28.5.2, measured). */

import { readCheckOptions } from '../dockerfile/check-options.ts';
import type { Dockerfile } from '../dockerfile/types.ts';
import type { Problem } from '../source.ts';

const NAME = 'BUILDKIT_DOCKERFILE_CHECK';

/** What is wrong with the argument, in BuildKit's words. It stands in the request, not in the file: the span is empty. */
export function checkArgProblems(buildArgs: ReadonlyMap<string, string>): readonly Problem[] {
  const { fault } = readCheckOptions(buildArgs.get(NAME) ?? '');
  if (fault === undefined) return [];
  return [
    {
      code: 'E_CHECK_ARG',
      severity: 'error',
      message: `failed to parse build-arg:${NAME}: ${fault}`,
      span: NOWHERE,
      hint: 'write skip=RULE,…, error=true or experimental=RULE,…, with ; between them',
    },
  ];
}

/** The file as its checks are to read it. */
export function withCheckArg(dockerfile: Dockerfile, buildArgs: ReadonlyMap<string, string>): Dockerfile {
  const value = buildArgs.get(NAME);
  if (value === undefined) return dockerfile;
  const others = dockerfile.directives.filter(({ name }) => name !== 'check');
  const given = { name: 'check', value, span: NOWHERE, nameSpan: NOWHERE, valueSpan: NOWHERE };
  return { ...dockerfile, directives: [...others, given] };
}

const NOWHERE = { start: 0, end: 0 };
