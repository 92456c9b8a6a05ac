/** NR027: blanks around the equals sign. */

import type { Rule } from '../rule.ts';

export const NR027: Rule = {
  id: 'NR027',
  family: 'naru',
  severity: 'warning',
  message: 'write NAME=value without blanks: this sets the value to "= …"',
  why: 'ENV and LABEL take the text behind the first blank for the value, so that the equals sign becomes part of it. The fix takes the blanks out, which changes the value to the one that was probably meant.',
  examples: {
    bad: ['FROM debian:12\nENV MODE = production'],
    good: ['FROM debian:12\nENV MODE=production'],
  },
  aliases: ['LegacyKeyValueFormat'],
  check({ dockerfile, instructions }, report) {
    for (const { instruction } of instructions('ENV', 'LABEL')) {
      for (const { isLegacy, key, value } of instruction.pairs) {
        const match = /^=[ \t]*(.*)$/s.exec(value.text);
        if (!isLegacy || match === null) continue;
        const [, rest = ''] = match;
        const span = { start: key.span.start, end: value.span.end };
        const gap = { start: key.span.end, end: value.span.end };
        const isPlain = dockerfile.text.slice(value.span.start, value.span.end) === value.text;
        const isOneWord = /^(?:[^\s"'\\=]+|"[^"\\]*")$/.test(rest);
        const fix = {
          title: 'Take the blanks out',
          edits: [{ span: gap, text: `=${rest}` }],
          changesPlan: true,
          needsReview: true,
        } as const;
        report({ span, ...(isPlain && isOneWord ? { fix } : {}) });
      }
    }
  },
};
