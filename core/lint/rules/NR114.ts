/** NR114: a directive with capitals in its name. */

import type { Rule } from '../rule.ts';

export const NR114: Rule = {
  id: 'NR114',
  family: 'naru',
  severity: 'style',
  message: 'directives are written in lower case',
  why: 'Builders take any case, but people and tools that look for `# syntax=` look for lower case.',
  examples: {
    bad: ['# Syntax=docker/dockerfile:1\nFROM debian:12'],
    good: ['# syntax=docker/dockerfile:1\nFROM debian:12'],
  },
  check({ dockerfile }, report) {
    for (const { name, nameSpan } of dockerfile.directives) {
      const written = dockerfile.text.slice(nameSpan.start, nameSpan.end);
      if (written === name) continue;
      report({
        span: nameSpan,
        fix: { title: `Write ${name}`, edits: [{ span: nameSpan, text: name }] },
      });
    }
  },
};
