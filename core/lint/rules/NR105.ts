/** NR105: a checksum that is no digest. */

import type { Rule } from '../rule.ts';

export const NR105: Rule = {
  id: 'NR105',
  family: 'naru',
  severity: 'error',
  message: 'not a digest: write sha256: and 64 hexadecimal digits',
  why: 'ADD compares the download with this digest. One that cannot be read ends the build.',
  examples: {
    bad: ['FROM debian:12\nADD --checksum=1234 https://example.com/a.tgz /'],
    good: [
      'FROM debian:12\nADD --checksum=sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef https://example.com/a.tgz /',
    ],
  },
  check({ instructions }, report) {
    for (const { instruction } of instructions('ADD')) {
      const isGit = instruction.sources.some(({ text }) => /\.git(?:[#?]|$)|^git[@:]/.test(text));
      for (const { name, value = '', span, valueSpan } of instruction.flags) {
        if (name !== 'checksum' || value === '' || value.includes('$')) continue;
        if (isGit ? /^[0-9a-f]{7,64}$/i.test(value) : isDigest(value)) continue;
        report({ span: valueSpan ?? span });
      }
    }
  },
};

function isDigest(text: string): boolean {
  return /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/.test(text);
}
