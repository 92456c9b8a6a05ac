/** NR023: a CMD that the ENTRYPOINT never sees. */

import { isEmptyCommand } from '../../dockerfile/instructions/command-form.ts';
import { lastInStages } from '../in-stages.ts';
import type { Rule } from '../rule.ts';

export const NR023: Rule = {
  id: 'NR023',
  family: 'naru',
  severity: 'warning',
  message: 'a shell form ENTRYPOINT ignores CMD and the arguments of docker run',
  why: 'The shell form runs `/bin/sh -c "…"`, and what CMD adds becomes an argument of the shell, which does nothing with it. Write the ENTRYPOINT as JSON.',
  examples: {
    bad: ['FROM debian:12\nENTRYPOINT /app\nCMD ["--help"]'],
    good: ['FROM debian:12\nENTRYPOINT ["/app"]\nCMD ["--help"]'],
  },
  check(context, report) {
    const commands = lastInStages(context, 'CMD');
    for (const [stage, { command: entrypoint }] of lastInStages(context, 'ENTRYPOINT')) {
      const found = commands.get(stage);
      if (found === undefined || entrypoint.kind !== 'shell') continue;
      if (/\$[@*\d]/.test(entrypoint.text) || isEmptyCommand(found.command)) continue;
      report({ span: found.keywordSpan });
    }
  },
};
