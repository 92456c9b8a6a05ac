/** The directory that each RUN starts in, as far as the file and well-known images say. */

import { resolvePath } from '../build/unix-path.ts';
import type { Instruction, Stage } from '../dockerfile/types.ts';
import { imageName } from './image-name.ts';
import { unquoted } from './quotes.ts';
import { stageTriggers } from './references.ts';
import type { LintContext } from './rule.ts';
import { bottomImage, parentStages } from './stage-graph.ts';

/** Distributions' own images, which set none. */
const WITHOUT_ONE: ReadonlySet<string> = new Set(
  'almalinux alpine amazonlinux archlinux busybox centos debian fedora rockylinux scratch ubuntu'.split(' '),
);

/** Absolute and clean; RUNs of which it is not known are missing. For `context.once`. */
export function workingDirectories(context: LintContext): ReadonlyMap<Instruction, string> {
  const parents = context.once(parentStages);
  const triggers = context.once(stageTriggers);
  const now = new Map<Stage, string | undefined>();
  const found = new Map<Instruction, string>();
  for (const { instruction, stage } of context.instructions('FROM', 'RUN', 'WORKDIR')) {
    if (stage === undefined) continue;
    if (instruction.name === 'FROM') now.set(stage, firstOf(stage));
    const directory = now.get(stage);
    if (instruction.name === 'RUN' && directory !== undefined) found.set(instruction, directory);
    if (instruction.name === 'WORKDIR')
      now.set(stage, movedTo(unquoted(instruction.value?.text ?? ''), directory));
  }
  return found;

  function firstOf(stage: Stage): string | undefined {
    const parent = parents.get(stage);
    if (parent === undefined)
      return WITHOUT_ONE.has(imageName(bottomImage(stage, parents)).name) ? '/' : undefined;
    const isMoved = triggers.get(parent)?.some(({ name }) => name === 'WORKDIR') === true;
    return isMoved ? undefined : now.get(parent);
  }
}

function movedTo(path: string, directory: string | undefined): string | undefined {
  if (/[$\\:]/.test(path)) return undefined;
  if (path.startsWith('/')) return resolvePath('/', path);
  return directory === undefined ? undefined : resolvePath(directory, path);
}
