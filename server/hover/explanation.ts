/** What a hover says, and of what. */

import type { Span } from '../../core/source.ts';

export interface Explanation {
  readonly markdown: string;
  readonly span: Span;
}

/** A text as Markdown code, whatever it holds. */
export function code(text: string): string {
  const fence = text.includes('`') ? '``' : '`';
  return fence === '`' ? `\`${text}\`` : `\`\` ${text} \`\``;
}
