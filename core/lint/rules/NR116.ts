/** NR116: a checksum of what is not fetched. */

import { readRemoteSource } from '../../build/remote-source.ts';
import { evaluated } from '../evaluation.ts';
import type { Rule } from '../rule.ts';

export const NR116: Rule = {
  id: 'NR116',
  family: 'naru',
  severity: 'error',
  message: 'checksum requires HTTP(S) or Git sources',
  why: '`--checksum` is compared with what is fetched from an address. Files of the context have no use for it, and the build ends.',
  examples: {
    bad: [
      'FROM debian:12\nADD --checksum=sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef a.tgz /',
    ],
    good: [
      'FROM debian:12\nADD --checksum=sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef https://example.com/a.tgz /',
    ],
  },
  check(context, report) {
    const { text } = context.dockerfile;
    for (const { at, instruction, words } of evaluated(context, 'ADD')) {
      const flag = instruction.flags.find(({ name }) => name === 'checksum');
      // What a variable holds, only the build knows.
      const hasFile = words.some(
        (word) =>
          readRemoteSource(word.text) === undefined &&
          !text.slice(word.span.start, word.span.end).includes('$'),
      );
      if (flag === undefined || (!hasFile && instruction.heredocs.length === 0)) continue;
      report({ span: flag.span, toolLine: at.line, silencedAt: instruction });
    }
  },
};
