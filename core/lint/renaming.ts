/** The fix for a variable that is misspelt, or that a base image sets which nobody has looked at. */

import type { Span } from '../source.ts';
import type { Fix } from './rule.ts';

/** Empty when nothing near is known, or when the span is not the name alone. */
export function renaming(span: Span, name: string, nearest: string | undefined): { readonly fix?: Fix } {
  if (nearest === undefined || span.end - span.start !== name.length) return {};
  const title = `Change to ${nearest}`;
  return { fix: { title, edits: [{ span, text: nearest }], changesPlan: true, needsReview: true } };
}
