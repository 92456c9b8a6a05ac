/** DL3059: RUNs in a row. */

import type { Rule } from '../rule.ts';

export const DL3059: Rule = {
  id: 'DL3059',
  family: 'hadolint',
  severity: 'info',
  message: 'several RUNs in a row: consider one',
  why: 'Each RUN is a layer of its own. Steps that belong together take less room and less time in one.',
  examples: {
    bad: ['FROM debian:12\nRUN make\nRUN make install'],
    good: ['FROM debian:12\nRUN make && make install'],
  },
  check({ placed, shellOf }, report) {
    let before:
      | { readonly flags: string; readonly isShort: boolean; readonly hasHeredoc: boolean }
      | undefined;
    for (const { instruction } of placed) {
      if (instruction.name !== 'RUN') {
        before = undefined;
        continue;
      }
      const now = {
        flags: instruction.flags
          .map(({ name, value }) => `${name}=${value ?? ''}`)
          .sort()
          .join(' '),
        isShort: shellOf(instruction).commands.length <= 1,
        hasHeredoc: instruction.heredocs.length > 0,
      };
      if (before?.flags === now.flags && before.isShort && now.isShort) {
        // A heredoc is a script of its own; joining it with a neighbour would not make it easier to read.
        report({
          span: instruction.keywordSpan,
          ...(before.hasHeredoc || now.hasHeredoc ? { only: 'tool' } : {}),
        });
      } else before = now;
    }
  },
};
