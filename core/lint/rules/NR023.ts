/** NR023: a CMD that the ENTRYPOINT never sees. */

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
  check({ dockerfile }, report) {
    for (const { instructions } of dockerfile.stages) {
      const entrypoint = instructions.findLast(({ name }) => name === 'ENTRYPOINT');
      const command = instructions.findLast(({ name }) => name === 'CMD');
      if (entrypoint?.name !== 'ENTRYPOINT' || command?.name !== 'CMD') continue;
      if (entrypoint.command.kind !== 'shell' || /\$[@*\d]/.test(entrypoint.command.text)) continue;
      if (command.command.kind === 'exec' && command.command.words.length === 0) continue;
      report({ span: command.keywordSpan });
    }
  },
};
