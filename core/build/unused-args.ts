/** Build arguments that no ARG takes: most often a name that is misspelt. */

import type { Dockerfile } from '../dockerfile/types.ts';

import { PROXY_ARGS } from './global-args.ts';
import type { BuildOptions } from './options.ts';
import type { Plan } from './types.ts';

/** Read by the builder itself, whether or not there is an ARG. */
const OWN_ARGS =
  /^(?:BUILDKIT_\w+|SOURCE_DATE_EPOCH|(?:BUILD|TARGET)(?:PLATFORM|OS|OSVERSION|ARCH|VARIANT|STAGE))$/;

/** What a build and a preview say of them, in BuildKit's words. */
export function unusedArgsText(names: readonly string[]): string {
  return `One or more build-args [${names.join(' ')}] were not consumed`;
}

/** In alphabetical order. The plan knows the ARGs among the triggers of a base image. */
export function unusedArgs(dockerfile: Dockerfile, plan: Plan, options: BuildOptions): readonly string[] {
  const instructions = [...dockerfile.preamble, ...dockerfile.stages.flatMap((stage) => stage.instructions)];
  const declared = new Set(
    instructions.flatMap((instruction) =>
      instruction.name === 'ARG' ? instruction.variables.map(({ key }) => key.text) : [],
    ),
  );
  for (const { instruction } of plan.vertices) {
    if (!instruction.startsWith('ARG ')) continue;
    for (const word of instruction.split(/\s+/).slice(1)) declared.add(word.split('=', 1)[0] ?? '');
  }
  return [...options.buildArgs.keys()]
    .filter((name) => !declared.has(name) && !PROXY_ARGS.includes(name) && !OWN_ARGS.test(name))
    .toSorted();
}
