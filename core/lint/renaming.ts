/** The fix for a misspelt variable. */

import type { Span } from '../source.ts';
import type { Fix } from './rule.ts';

/** Empty when nothing near is known, or when the span is not the name alone. */
export function renaming(span: Span, name: string, nearest: string | undefined): { readonly fix?: Fix } {
  if (nearest === undefined || span.end - span.start !== name.length) return {};
  return { fix: { title: `Change to ${nearest}`, edits: [{ span, text: nearest }], changesPlan: true } };
}
