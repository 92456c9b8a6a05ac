/** Joins the uses of variables to variables: those that share a declaration, through whatever scopes, are one. */

import { isSeen, type Scope, scopeOf, type VariableScopes } from './variable-scopes.ts';
import { GLOBAL, type VariableUse } from './variable-uses.ts';

/** Each with its uses in file order, by their first. Uses that no declaration is seen from are left out. */
export function variableGroups(
  uses: readonly VariableUse[],
  scopes: VariableScopes,
): readonly (readonly VariableUse[])[] {
  const declared = declarations(uses);
  const merged = new MergedKeys();
  /** Those of its name that a use sees, its own scope included. */
  function scopesSeen(use: VariableUse): readonly Scope[] {
    const firsts = declared.get(use.name);
    if (firsts === undefined) return NOWHERE;
    return scopes.seenFrom(use).filter((scope) => isAnySeen(firsts.get(scope), scope, use));
  }
  const bound = uses.filter((use) => {
    const seen = scopesSeen(use);
    const own = scopeOf(use);
    for (const scope of seen) if (scope !== own) merged.merge(keyOf(own, use.name), keyOf(scope, use.name));
    const isOfGlobal = use.setBy === 'ARG' && use.isTriggered !== true && use.stage !== GLOBAL;
    if (isOfGlobal && declared.get(use.name)?.has(GLOBAL_SCOPE) === true)
      merged.merge(keyOf(own, use.name), keyOf(GLOBAL_SCOPE, use.name));
    return use.setBy !== undefined || seen.length > 0;
  });
  const groups = new Map<string, VariableUse[]>();
  for (const use of bound) {
    const root = merged.root(keyOf(scopeOf(use), use.name));
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [use]);
    else group.push(use);
  }
  return [...groups.values()];
}

const NOWHERE: readonly never[] = [];
const GLOBAL_SCOPE = scopeOf({ stage: GLOBAL });

/** The first ARG and the first ENV of one name in one scope. */
type Firsts = Partial<Record<'ARG' | 'ENV', VariableUse>>;

/** By name, and by scope. */
function declarations(uses: readonly VariableUse[]): ReadonlyMap<string, ReadonlyMap<Scope, Firsts>> {
  const declared = new Map<string, Map<Scope, Firsts>>();
  for (const use of uses) {
    if (use.setBy === undefined) continue;
    const ofName = declared.get(use.name) ?? new Map<Scope, Firsts>();
    declared.set(use.name, ofName);
    const firsts = ofName.get(scopeOf(use)) ?? {};
    ofName.set(scopeOf(use), firsts);
    firsts[use.setBy] ??= use;
  }
  return declared;
}

function isAnySeen(firsts: Firsts | undefined, scope: Scope, use: VariableUse): boolean {
  if (firsts === undefined) return false;
  const isOneSeen = (first: VariableUse | undefined): boolean =>
    first !== undefined && isSeen(first, scope, use, first.span.start < use.span.start);
  return isOneSeen(firsts.ARG) || isOneSeen(firsts.ENV);
}

function keyOf(scope: Scope, name: string): string {
  return `${scope} ${name}`;
}

/** One name in one scope, before scopes that share a variable are merged. */
class MergedKeys {
  readonly #parentKey = new Map<string, string>();

  root(key: string): string {
    let root = key;
    for (let next = this.#parentKey.get(root); next !== undefined; next = this.#parentKey.get(root))
      root = next;
    return root;
  }

  merge(key: string, other: string): void {
    const root = this.root(key);
    const otherRoot = this.root(other);
    if (root !== otherRoot) this.#parentKey.set(root, otherRoot);
  }
}
