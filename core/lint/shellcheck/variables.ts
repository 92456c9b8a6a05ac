/** Which variables are set before a RUN, as far as its script can tell: ARG and ENV of its stage and of those below it, proxies, those of a base image that is known. */

import { createHash } from 'node:crypto';

import type { Stage } from '../../dockerfile/types.ts';
import type { LintContext } from '../rule.ts';
import type { ScriptedRun } from '../runs.ts';
import { parentStages } from '../stage-graph.ts';

export interface KnownVariables {
  readonly has: (name: string) => boolean;
  /** Sorted. */
  readonly names: () => readonly string[];
  /** How many, and a text that no other names share: told without listing them, as a long file asks at every RUN. */
  readonly told: () => Told;
}

interface Told {
  readonly nNames: number;
  readonly key: string;
}

/** Build arguments that need no ARG. */
const PROXIES: ReadonlySet<string> = new Set(
  ['FTP', 'HTTP', 'HTTPS', 'NO'].flatMap((name) => [`${name}_PROXY`, `${name.toLowerCase()}_proxy`]),
);

const PROXIES_TOLD: Told = { nNames: PROXIES.size, key: '' };

export const ONLY_PROXIES: KnownVariables = {
  has: (name) => PROXIES.has(name),
  names: () => [...PROXIES].sort(),
  told: () => PROXIES_TOLD,
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
      told: () => toldBefore(own, start),
    };
  };
}

interface StageVariables {
  readonly below: StageVariables | undefined;
  readonly base: ReadonlySet<string>;
  /** Where each name is first set, in file order. */
  readonly own: Map<string, number>;
  /** Made when a RUN asks. */
  told?: ToldInStage;
}

interface ToldInStage {
  /** Of the names of `own`, in order. */
  readonly starts: readonly number[];
  /** Before the first of them, behind it, behind the second and so on. */
  readonly told: readonly Told[];
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

function toldBefore(stage: StageVariables, before: number): Told {
  const { starts, told } = toldIn(stage);
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) < before) low = middle + 1;
    else high = middle;
  }
  return told[low] ?? PROXIES_TOLD;
}

function toldIn(stage: StageVariables): ToldInStage {
  if (stage.told !== undefined) return stage.told;
  const { base, below, own } = stage;
  let last = (below && toldIn(below).told.at(-1)) ?? PROXIES_TOLD;
  const isKnown = (name: string): boolean =>
    PROXIES.has(name) || (below !== undefined && isSet(below, name, Number.POSITIVE_INFINITY));
  for (const name of base) if (!isKnown(name)) last = toldWith(last, name);
  const told = [last];
  for (const name of own.keys()) {
    if (!isKnown(name) && !base.has(name)) last = toldWith(last, name);
    told.push(last);
  }
  stage.told = { starts: [...own.values()], told };
  return stage.told;
}

/** No name holds a line break. */
function toldWith({ key, nNames }: Told, name: string): Told {
  return { nNames: nNames + 1, key: createHash('sha256').update(`${key}\n${name}`).digest('base64') };
}

function isSet({ base, below, own }: StageVariables, name: string, before: number): boolean {
  if ((own.get(name) ?? Number.POSITIVE_INFINITY) < before || base.has(name)) return true;
  return below !== undefined && isSet(below, name, before);
}

function namesIn({ base, below, own }: StageVariables, before: number): readonly string[] {
  const set = [...own].flatMap(([name, start]) => (start < before ? [name] : []));
  return [...set, ...base, ...(below === undefined ? [] : namesIn(below, before))];
}
