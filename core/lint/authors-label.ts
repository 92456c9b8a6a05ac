/** The fix that turns MAINTAINER into the label of image-spec annotations.md, `org.opencontainers.image.authors`. */

import type { SingleInstruction } from '../dockerfile/types.ts';
import type { Fix } from './rule.ts';

/** Undefined without a value, and where the text would mean something else in a label. */
export function authorsLabel(maintainer: SingleInstruction): Fix | undefined {
  const { keyword, keywordSpan, value } = maintainer;
  if (value === undefined || /[\\`$\n]/.test(value.text)) return undefined;
  const quoted = /^(["'])(.*)\1$/.exec(value.text)?.[2] ?? value.text;
  if (quoted.includes('"')) return undefined;
  const label = keyword === keyword.toLowerCase() ? 'label' : 'LABEL';
  const span = { start: keywordSpan.start, end: value.span.end };
  return {
    title: 'Use a label',
    edits: [{ span, text: `${label} org.opencontainers.image.authors="${quoted}"` }],
    changesPlan: true,
  };
}
