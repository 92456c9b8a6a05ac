/**
 * Repairs a text: applies fixes, lints again, and so on until none is left, since a fix may make room for the next.
 * What changed is kept as edits of the text that was given, so that an editor can make them where they belong.
 */

import { compatibleEdits, type FixedText, surelyFixed } from './fixes.ts';
import type { Finding } from './rule.ts';

export interface Repaired extends FixedText {
  /** Of the given text: in file order, apart from each other. */
  readonly edits: readonly TextChange[];
}

export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** `sure`: only fixes that may be applied unasked. */
export type WantedFixes = 'sure' | 'all';

/** `lint` is asked once per round, for the text as it is then. */
export function repair(
  text: string,
  lint: (text: string) => readonly Finding[],
  wanted: WantedFixes = 'sure',
): Repaired {
  let pieces: readonly Piece[] = [{ text, from: 0 }];
  let current = text;
  let nApplied = 0;
  let changesPlan = false;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const findings = lint(current);
    const taken = compatibleEdits(wanted === 'all' ? findings : surelyFixed(findings));
    const { edits, nApplied: nNew } = taken;
    if (nNew === 0) break;
    const next = withEdits(pieces, edits);
    const fixed = next.map((piece) => piece.text).join('');
    if (fixed === current) break;
    [pieces, current, nApplied] = [next, fixed, nApplied + nNew];
    changesPlan ||= taken.changesPlan;
  }
  return { text: current, nApplied, changesPlan, edits: changesOf(pieces, text.length) };
}

const MAX_ROUNDS = 20;

/** The text is kept in pieces: those of the given text, by where they stood, and those that fixes brought. */
interface Piece {
  readonly text: string;
  /** Offset in the given text; absent: new. */
  readonly from?: number;
}

/** `edits` are offsets of the pieces' joined text, in order and apart from each other. */
function withEdits(pieces: readonly Piece[], edits: readonly TextChange[]): readonly Piece[] {
  const left = pieces.toReversed();
  const result: Piece[] = [];
  const take = (nChars: number, keep: (piece: Piece) => void): void => {
    let nLeft = nChars;
    while (nLeft > 0) {
      const piece = left.pop();
      if (piece === undefined) return;
      const [head, tail] = cut(piece, nLeft);
      keep(head);
      if (tail.text !== '') left.push(tail);
      nLeft -= head.text.length;
    }
  };
  let at = 0;
  for (const { end, start, text } of edits) {
    take(start - at, (piece) => result.push(piece));
    take(end - start, () => undefined);
    if (text !== '') result.push({ text });
    at = end;
  }
  return [...result, ...left.reverse()];
}

function cut({ from, text }: Piece, at: number): readonly [Piece, Piece] {
  const [head, tail] = [text.slice(0, at), text.slice(at)];
  if (from === undefined) return [{ text: head }, { text: tail }];
  return [
    { text: head, from },
    { text: tail, from: from + head.length },
  ];
}

/** Between two pieces that were kept stands what replaces what stood there. */
function changesOf(pieces: readonly Piece[], nChars: number): readonly TextChange[] {
  const changes: TextChange[] = [];
  let at = 0;
  let text = '';
  const upTo = (end: number): void => {
    if (end > at || text !== '') changes.push({ start: at, end, text });
    text = '';
  };
  for (const piece of pieces) {
    if (piece.from === undefined) {
      text += piece.text;
      continue;
    }
    upTo(piece.from);
    at = piece.from + piece.text.length;
  }
  upTo(nChars);
  return changes;
}
