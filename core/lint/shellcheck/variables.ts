/** Which variables are set before a RUN, as far as its script can tell: ARG and ENV of its stage and of those below it, proxies, those of a base image that is known. */

import type { Stage } from '../../dockerfile/types.ts';
import type { LintContext } from '../rule.ts';
import type { ScriptedRun } from '../runs.ts';
import { parentStages } from '../stage-graph.ts';

export interface KnownVariables {
  readonly has: (name: string) => boolean;
  /** Sorted. */
  readonly names: () => readonly string[];
}

/** Build arguments that need no ARG. */
const PROXIES: ReadonlySet<string> = new Set(
  ['FTP', 'HTTP', 'HTTPS', 'NO'].flatMap((name) => [`${name}_PROXY`, `${name.toLowerCase()}_proxy`]),
);

export const ONLY_PROXIES: KnownVariables = {
  has: (name) => PROXIES.has(name),
  names: () => [...PROXIES].sort(),
};

/** For `context.once`. Before a trigger stands what its ONBUILD sees; the stage that runs it has that as well. */
export function variablesBefore(context: LintContext): (run: ScriptedRun) => KnownVariables {
  const known = stageVariables(context);
  return ({ run, stage }) => {
    const own = known.get(stage);
    if (own === undefined) return ONLY_PROXIES;
    const { start } = run.span;
    return {
      has: (name) => PROXIES.has(name) || isSet(own, name, start),
      names: () => [...new Set([...PROXIES, ...namesIn(own, start)])].sort(),
    };
  };
}

interface StageVariables {
  readonly below: StageVariables | undefined;
  readonly base: ReadonlySet<string>;
  /** Where each name is first set. */
  readonly own: Map<string, number>;
}

function stageVariables(context: LintContext): ReadonlyMap<Stage | undefined, StageVariables> {
  const { instructions, once, options } = context;
  const known = new Map<Stage | undefined, StageVariables>();
  known.set(undefined, { below: undefined, base: new Set(), own: new Map() });
  for (const { instruction, stage } of instructions('FROM', 'ARG', 'ENV')) {
    if (instruction.name === 'FROM' && stage !== undefined) {
      const parent = once(parentStages).get(stage);
      const base = options.baseImages?.get(instruction.image?.text ?? '')?.variables.keys() ?? [];
      const below = parent === undefined ? undefined : known.get(parent);
      known.set(stage, { below, base: new Set(base), own: new Map() });
    }
    const pairs = instruction.name === 'ARG' ? instruction.variables : [];
    for (const { key } of instruction.name === 'ENV' ? instruction.pairs : pairs) {
      const own = known.get(stage)?.own;
      // What a shell does not take for a name it cannot use either.
      if (own?.has(key.text) === false && /^[A-Za-z_]\w*$/.test(key.text))
        own.set(key.text, instruction.span.start);
    }
  }
  return known;
}

function isSet({ base, below, own }: StageVariables, name: string, before: number): boolean {
  if ((own.get(name) ?? Number.POSITIVE_INFINITY) < before || base.has(name)) return true;
  return below !== undefined && isSet(below, name, before);
}

function namesIn({ base, below, own }: StageVariables, before: number): readonly string[] {
  const set = [...own].flatMap(([name, start]) => (start < before ? [name] : []));
  return [...set, ...base, ...(below === undefined ? [] : namesIn(below, before))];
}
