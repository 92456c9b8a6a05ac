/** Applies fixes to a text. */

import type { Finding } from './rule.ts';

/** Fixes that may be applied unasked stay; the others are taken off their findings. */
export function surelyFixed(findings: readonly Finding[]): readonly Finding[] {
  return findings.map(({ fix, ...finding }) =>
    fix === undefined || fix.needsReview === true ? finding : { ...finding, fix },
  );
}

export interface FixedText {
  readonly text: string;
  readonly nApplied: number;
  /** At least one of them changes what is built. */
  readonly changesPlan: boolean;
}

/** The text with all fixes in it that go together (see compatibleEdits). */
export function applyFixes(text: string, findings: readonly Finding[]): FixedText {
  const { edits, nApplied, changesPlan } = compatibleEdits(findings);
  const parts: string[] = [];
  let at = 0;
  for (const edit of edits) {
    parts.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  parts.push(text.slice(at));
  return { text: parts.join(''), nApplied, changesPlan };
}

export interface CompatibleEdits {
  /** In file order, apart from each other. */
  readonly edits: readonly { readonly start: number; readonly end: number; readonly text: string }[];
  readonly nApplied: number;
  readonly changesPlan: boolean;
}

/** Takes fixes in the order of the findings; one that touches what an earlier one changes waits for the next run. */
export function compatibleEdits(findings: readonly Finding[]): CompatibleEdits {
  const edits = new Map<string, { readonly start: number; readonly end: number; readonly text: string }>();
  let nApplied = 0;
  let changesPlan = false;
  for (const { fix } of findings) {
    if (fix === undefined) continue;
    const wanted = fix.edits.map((edit) => ({ ...edit.span, text: edit.text }));
    const isFree = wanted.every((edit) => [...edits.values()].every((taken) => areApart(edit, taken)));
    if (!isFree) continue;
    nApplied += 1;
    changesPlan ||= fix.changesPlan === true;
    for (const edit of wanted) edits.set(`${edit.start}:${edit.end}`, edit);
  }
  return { edits: [...edits.values()].sort((a, b) => a.start - b.start), nApplied, changesPlan };
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Two insertions at one place are not apart: their order would be chance. */
function areApart(left: Range, right: Range): boolean {
  return left.end < right.start || right.end < left.start;
}
