/** JSONArgsRecommended: CMD or ENTRYPOINT as a shell command line. */

import { jsonCommandFix } from '../json-command.ts';
import { evaluated } from '../evaluation.ts';
import type { Rule } from '../rule.ts';

export const JSONArgsRecommended: Rule = {
  id: 'JSONArgsRecommended',
  family: 'buildkit',
  severity: 'warning',
  message:
    'JSON arguments recommended for ENTRYPOINT/CMD to prevent unintended behavior related to OS signals',
  why: 'A command line runs inside `sh -c`, which stays process 1 and passes no signals on, so that the program is killed instead of stopped. A JSON array starts the program itself; with SHELL you have said that you want a shell.',
  examples: {
    bad: ['FROM debian:12\nCMD nginx -g daemon'],
    good: ['FROM debian:12\nCMD ["nginx", "-g", "daemon off;"]'],
  },
  aliases: ['DL3025'],
  check(context, report) {
    for (const { at, hasShell, instruction, stage } of evaluated(context, 'CMD', 'ENTRYPOINT')) {
      if ((instruction.name !== 'CMD' && instruction.name !== 'ENTRYPOINT') || hasShell) continue;
      const { command, keyword } = instruction;
      if (command.kind !== 'shell') continue;
      const fix = at === instruction ? jsonCommandFix(context, { instruction, stage }) : undefined;
      report({
        span: command.span,
        toolLine: at.line,
        silencedAt: instruction,
        message: `JSON arguments recommended for ${keyword} to prevent unintended behavior related to OS signals`,
        ...(fix === undefined ? {} : { fix }),
      });
    }
  },
};
