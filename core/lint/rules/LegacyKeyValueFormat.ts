/** LegacyKeyValueFormat: ENV or LABEL without an equals sign. */

import type { KeyValue } from '../../dockerfile/types.ts';
import type { Fix } from '../rule.ts';
import { evaluated } from '../evaluation.ts';
import { trailingComment } from '../trailing-comment.ts';
import type { Rule } from '../rule.ts';

export const LegacyKeyValueFormat: Rule = {
  id: 'LegacyKeyValueFormat',
  family: 'buildkit',
  severity: 'warning',
  message: 'Legacy key/value format with whitespace separator should not be used',
  why: 'In the old form the whole rest of the line is the value, so that a second pair becomes part of the first.',
  examples: {
    bad: ['FROM debian:12\nENV NAME value'],
    good: ['FROM debian:12\nENV NAME=value'],
  },
  check(context, report) {
    const { dockerfile } = context;
    for (const { at, instruction } of evaluated(context, 'ENV', 'LABEL')) {
      const { keyword, pairs } = instruction;
      for (const pair of pairs) {
        if (!pair.isLegacy || pair.value.text === '') continue;
        // In quotes a comment that is none would be a value for good, and NR119 would say no more.
        const isSafe = at === instruction && trailingComment(dockerfile, instruction) === undefined;
        const fix = isSafe ? withEquals(pair, dockerfile.text) : undefined;
        report({
          span: { start: pair.key.span.start, end: pair.value.span.end },
          toolLine: at.line,
          silencedAt: instruction,
          message: `"${keyword} key=value" should be used instead of legacy "${keyword} key value" format`,
          ...(fix === undefined ? {} : { fix }),
        });
      }
    }
  },
};

/** Only where the value surely stays the same: no escapes, and quotes only around all of it. */
function withEquals({ key, value }: KeyValue, source: string): Fix | undefined {
  const { end, start } = value.span;
  if (source.slice(start, end) !== value.text || value.text === '') return undefined;
  const isQuoted = /^(?:"[^"'\\`]*"|'[^"'\\`]*')$/.test(value.text);
  const isPlain = /^[^\s"'\\`]+$/.test(value.text);
  if (!isQuoted && /["'\\`]/.test(value.text)) return undefined;
  const text = isQuoted || isPlain ? value.text : `"${value.text}"`;
  return { title: 'Write it with =', edits: [{ span: { start: key.span.end, end }, text: `=${text}` }] };
}
