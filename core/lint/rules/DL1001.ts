/** DL1001: comments that silence rules, for projects that want none of them. */

import type { Rule } from '../rule.ts';

export const DL1001: Rule = {
  id: 'DL1001',
  family: 'hadolint',
  severity: 'off',
  message: 'an inline pragma silences rules here',
  why: 'A rule that is silenced in the file is silenced for everybody, without review. Projects that keep their exceptions in one configuration file can forbid such comments.',
  examples: {
    bad: ['FROM debian:12\n# hadolint ignore=DL3003\nRUN cd /tmp && make'],
    good: ['FROM debian:12\n# build in the temporary directory\nRUN make -C /tmp'],
  },
  check({ dockerfile }, report) {
    for (const comment of dockerfile.comments) {
      if (!comment.isInsideInstruction && isPragma(comment.text)) report({ span: comment.span });
    }
  },
};

function isPragma(text: string): boolean {
  return /^hadolint[ \t]+ignore[ \t]*=[ \t]*[DLSC0-9]/.test(text);
}
