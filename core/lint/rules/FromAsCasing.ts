/** FromAsCasing: `as` in another case than its FROM. */

import type { Rule } from '../rule.ts';

export const FromAsCasing: Rule = {
  id: 'FromAsCasing',
  family: 'buildkit',
  severity: 'warning',
  message: "The 'as' keyword should match the case of the 'from' keyword",
  why: 'Both words belong to one instruction and read best alike.',
  examples: {
    bad: ['FROM debian:12 as build'],
    good: ['FROM debian:12 AS build', 'from debian:12 as build'],
  },
  check({ dockerfile }, report) {
    for (const { from } of dockerfile.stages) {
      const { asKeyword, keyword, line } = from;
      if (asKeyword === undefined) continue;
      const isLower = keyword === keyword.toLowerCase();
      // A FROM that is neither is the matter of ConsistentInstructionCasing.
      if (!isLower && keyword !== keyword.toUpperCase()) continue;
      const text = isLower ? asKeyword.text.toLowerCase() : asKeyword.text.toUpperCase();
      if (text === asKeyword.text) continue;
      report({
        span: asKeyword.span,
        toolLine: line,
        message: `'${asKeyword.text}' and '${keyword}' keywords' casing do not match`,
        fix: { title: `Write ${text}`, edits: [{ span: asKeyword.span, text }] },
      });
    }
  },
};
