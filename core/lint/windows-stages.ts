/** Stages for Windows, as far as the file says so: by the platform of FROM, or by an image that there is for Windows alone. */

import type { Stage } from '../dockerfile/types.ts';
import { defaultExpansion } from './default-arguments.ts';
import type { LintContext } from './rule.ts';
import { parentStages } from './stage-graph.ts';

/** A stage on top of such a stage is one too. */
export function windowsStages({ dockerfile, once }: LintContext): ReadonlySet<Stage> {
  const parents = once(parentStages);
  const expandDefaults = defaultExpansion(dockerfile);
  const found = new Set<Stage>();
  for (const stage of dockerfile.stages) {
    const { flags, image } = stage.from;
    const parent = parents.get(stage);
    const platform = flags.find(({ name }) => name === 'platform')?.value ?? '';
    const isNamed =
      /^windows/i.test(expandDefaults(platform)) || WINDOWS.test(expandDefaults(image?.text ?? ''));
    if (parent === undefined ? isNamed : found.has(parent)) found.add(stage);
  }
  return found;
}

/** `mcr.microsoft.com/windows/…`, and tags such as `golang:1.22-nanoserver-ltsc2022`. */
const WINDOWS =
  /^mcr\.microsoft\.com\/windows(?:\/|:|$)|[/:-](?:nanoserver|(?:windows)?servercore)(?:[:@-]|$)/i;
