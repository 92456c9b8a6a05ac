/** DL3059: RUNs in a row. */

import type { RunInstruction } from '../../dockerfile/types.ts';
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
    const isShort = (run: RunInstruction): boolean => shellOf(run).commands.length <= 1;
    let before: RunInstruction | undefined;
    for (const { instruction: run } of placed) {
      if (run.name !== 'RUN') {
        before = undefined;
        continue;
      }
      if (before === undefined || !haveSameFlags(before, run) || !isShort(before) || !isShort(run)) {
        before = run;
        continue;
      }
      // A heredoc is a script of its own; joining it with a neighbour would not make it easier to read.
      const hasHeredoc = before.heredocs.length + run.heredocs.length > 0;
      report({ span: run.keywordSpan, ...(hasHeredoc ? { only: 'tool' } : {}) });
    }
  },
};

function haveSameFlags(left: RunInstruction, right: RunInstruction): boolean {
  return left.flags.length === right.flags.length && flagsOf(left) === flagsOf(right);
}

/** The same for the same flags, however they are ordered. */
function flagsOf({ flags }: RunInstruction): string {
  return flags
    .map(({ name, value }) => `${name}=${value ?? ''}`)
    .sort()
    .join(' ');
}
