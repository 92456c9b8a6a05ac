/** DL3000: WORKDIR with a relative path depends on what the base image left. */

import { unquoted } from '../quotes.ts';
import type { Rule } from '../rule.ts';

export const DL3000: Rule = {
  id: 'DL3000',
  family: 'hadolint',
  severity: 'error',
  naruSeverity: 'warning',
  message: 'use an absolute path for WORKDIR',
  why: 'A relative WORKDIR is added to the working directory of the base image, which can change with its next version. An absolute path says where the files really are.',
  examples: {
    bad: ['FROM debian:12\nWORKDIR app'],
    good: ['FROM debian:12\nWORKDIR /app', 'FROM debian:12\nARG HOME_DIR=/app\nWORKDIR $HOME_DIR'],
  },
  supersededBy: 'WorkdirRelativePath',
  check({ instructions }, report) {
    for (const { instruction } of instructions('WORKDIR')) {
      if (instruction.value === undefined) continue;
      const path = unquoted(instruction.value.text);
      if (!/^(?:[/$]|\p{L}:)/u.test(path)) report({ span: instruction.value.span });
    }
  },
};
