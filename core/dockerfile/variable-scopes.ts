/**
 * Which declarations of variables are seen from where: an ARG above the first FROM by FROMs and by stages that declare it again, what a stage sets by the stages on it, its ENVs by its triggers and its containers.
 * ARG and ENV share one environment, in which the later one wins; of what lies below a stage the ENVs do (dockerd 28.5.2).
 */

import { GLOBAL, type VariablePlace, type VariableUse } from './variable-uses.ts';

/** What a stage holds is one scope, what its triggers hold another, the lines above the first FROM a third. */
export type Scope = number;

export function scopeOf({ isTriggered, stage }: VariablePlace): Scope {
  return stage * 2 + (isTriggered === true ? 1 : 0);
}

type Declaration = Pick<VariableUse, 'setBy' | 'span'> & VariablePlace;

export class VariableScopes {
  /** Of each stage, the one that it starts from. */
  readonly #parents: readonly number[];
  /** What `seenFrom` has answered: most uses share their place with others. */
  readonly #seen = new Map<Scope, readonly [Scope, ...Scope[]]>();

  /** Of each stage the earlier one that it starts from, or -1. */
  constructor(parents: readonly number[]) {
    this.#parents = parents;
  }

  /** The scope of the place itself, and those below it, nearest first: of a stage, the triggers and the instructions of the one it starts from. */
  seenFrom(place: VariablePlace): readonly [Scope, ...Scope[]] {
    const own = scopeOf(place);
    const known = this.#seen.get(own);
    if (known !== undefined) return known;
    const below: Scope[] = place.isTriggered === true ? [scopeOf({ stage: place.stage })] : [];
    for (let stage = this.#below(place.stage); stage !== GLOBAL; stage = this.#below(stage))
      below.push(scopeOf({ stage, isTriggered: true }), scopeOf({ stage }));
    const seen: readonly [Scope, ...Scope[]] = [own, ...below];
    this.#seen.set(own, seen);
    return seen;
  }

  /** Of the declarations of one name, in file order, the one that counts at a place before an offset. */
  nearest<D extends Declaration>(
    declarations: readonly D[],
    place: VariablePlace,
    end: number,
  ): D | undefined {
    const [own, ...below] = this.seenFrom(place);
    const isEarlier = (one: D): boolean => one.span.start < end;
    const isEnv = (one: D): boolean => one.setBy === 'ENV';
    const last = (scopes: readonly Scope[], isMeant: (one: D) => boolean): D | undefined => {
      for (const scope of scopes) {
        const found = declarations.findLast((one) => scopeOf(one) === scope && isMeant(one));
        if (found !== undefined) return found;
      }
      return undefined;
    };
    return (
      (place.isInContainer === true ? last([own, ...below], isEnv) : undefined) ??
      last([own], isEarlier) ??
      last(below, isEnv) ??
      (place.isTriggered === true ? undefined : last(below, () => true)) ??
      declarations.findLast((one) => one.stage === GLOBAL && isEarlier(one)) ??
      declarations.findLast(isEarlier)
    );
  }

  #below(stage: number): number {
    return this.#parents[stage] ?? GLOBAL;
  }
}

/** Whether what stands in `scope` is seen from a place, if `isEarlier` says that it stands above it. */
export function isSeen(
  { setBy }: Pick<VariableUse, 'setBy'>,
  scope: Scope,
  place: VariablePlace,
  isEarlier: boolean,
): boolean {
  const isEnv = setBy === 'ENV';
  if (scope === scopeOf(place)) return isEarlier || (isEnv && place.isInContainer === true);
  return isEnv || place.isTriggered !== true;
}
