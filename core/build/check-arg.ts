/** `--build-arg BUILDKIT_DOCKERFILE_CHECK=…` stands in for the file's `# check=` (dockerd 28.5.2, measured). */

import { readCheckOptions } from '../dockerfile/check-options.ts';
import type { Dockerfile } from '../dockerfile/types.ts';
import { NaruError } from '../errors.ts';

const NAME = 'BUILDKIT_DOCKERFILE_CHECK';

/** The file as its checks are to read it. @throws NaruError "invalid-argument" E_CHECK_OPTIONS in BuildKit's words */
export function withCheckArg(dockerfile: Dockerfile, buildArgs: ReadonlyMap<string, string>): Dockerfile {
  const value = buildArgs.get(NAME);
  if (value === undefined) return dockerfile;
  const { fault } = readCheckOptions(value);
  if (fault !== undefined) {
    const message = `failed to parse build-arg:${NAME}: ${fault}`;
    const hint = 'write skip=RULE,…, error=true or experimental=RULE,…, with ; between them';
    throw new NaruError('invalid-argument', 'E_CHECK_OPTIONS', message, { hint });
  }
  const others = dockerfile.directives.filter(({ name }) => name !== 'check');
  const span = { start: 0, end: 0 };
  const given = { name: 'check', value, span, nameSpan: span, valueSpan: span };
  return { ...dockerfile, directives: [...others, given] };
}
