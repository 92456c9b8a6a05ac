/** Random histories of projects: a first situation and edits of it, and how often each kind of edit was made. */

import fc from 'fast-check';

import { EDIT_KINDS, type Situation } from './edit-kinds.ts';
import { options, project } from './random-project.ts';

export interface RandomEdit {
  readonly kind: string;
  readonly at: number;
}

export const situation: fc.Arbitrary<Situation> = fc.record({ project, options });

/** All kinds are equally likely. */
export const edit: fc.Arbitrary<RandomEdit> = fc.record({
  kind: fc.constantFrom(...Object.keys(EDIT_KINDS)),
  at: fc.nat(999),
});

/** Counts edits by kind; those that found nothing to change are left out. */
export class EditHistogram {
  readonly #counts = new Map<string, number>(Object.keys(EDIT_KINDS).map((kind) => [kind, 0]));

  /** Undefined where the edit has nothing to change. */
  apply(before: Situation, { kind, at }: RandomEdit): Situation | undefined {
    const after = EDIT_KINDS[kind]?.(before, at);
    if (after !== undefined) this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    return after;
  }

  /** Rarest first. */
  counts(): readonly (readonly [kind: string, count: number])[] {
    return [...this.#counts].sort(([, a], [, b]) => a - b);
  }

  print(): void {
    const shown = this.counts().map(([kind, count]) => `${kind} ${count}`);
    process.stdout.write(`edits made: ${shown.join(', ')}\n`);
  }
}
