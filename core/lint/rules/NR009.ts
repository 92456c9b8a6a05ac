/** NR009: ADD of a remote file without a digest. */

import type { Rule } from '../rule.ts';

export const NR009: Rule = {
  id: 'NR009',
  family: 'naru',
  severity: 'info',
  message: 'say what is expected with ADD --checksum=sha256:…',
  why: 'Whatever the server answers gets into the image. With --checksum the build stops when the file is not the one that was meant, and the cache needs not to ask the server.',
  examples: {
    bad: ['FROM debian:12\nADD https://example.com/tool.tar.gz /opt/'],
    good: [
      'FROM debian:12\nADD --checksum=sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef https://example.com/tool.tar.gz /opt/',
    ],
  },
  check({ instructions }, report) {
    for (const { instruction } of instructions('ADD')) {
      if (instruction.flags.some(({ name }) => name === 'checksum')) continue;
      for (const { span, text } of instruction.sources) {
        if (/^https?:\/\//.test(text) && !/\.git(?:[#?]|$)/.test(text)) report({ span });
      }
    }
  },
};
