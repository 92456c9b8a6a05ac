/** DL3025: CMD, ENTRYPOINT or HEALTHCHECK CMD as a shell command line. */

import type { Instruction } from '../../dockerfile/types.ts';
import { evaluated } from '../evaluation.ts';
import { jsonCommandFix } from '../json-command.ts';
import type { LintContext, Rule } from '../rule.ts';

export const DL3025: Rule = {
  id: 'DL3025',
  family: 'hadolint',
  severity: 'warning',
  message: 'write the command as a JSON array',
  why: 'A command line runs inside `sh -c`, which stays process 1 and passes no signals on, so that the program is killed instead of stopped. A JSON array starts the program itself. A health check as a command line needs a shell in the image. After SHELL you have said that you want one.',
  examples: {
    bad: ['FROM debian:12\nCMD nginx -g daemon'],
    good: ['FROM debian:12\nCMD ["nginx", "-g", "daemon off;"]'],
  },
  check(context, report) {
    const shelled = context.once(withShell);
    for (const placed of context.instructions('CMD', 'ENTRYPOINT', 'HEALTHCHECK')) {
      const { instruction } = placed;
      const { command } = instruction;
      if (command?.kind !== 'shell' || isNoCommand(instruction)) continue;
      const hasShell = shelled.has(instruction);
      const fix = hasShell ? undefined : jsonCommandFix(context, placed);
      // A check gets no signals, and `|| exit 1` is how Docker itself writes one.
      const isForShell = instruction.name === 'HEALTHCHECK' && /[|&;<>$`*?~(){}]/.test(command.text);
      report({
        span: command.span,
        toolLine: instruction.line,
        ...(isForShell || hasShell ? { only: 'tool' } : {}),
        ...(fix === undefined ? {} : { fix }),
      });
    }
  },
};

/** SHELL says what they are to run in: a login shell, an environment, PowerShell. */
function withShell(context: LintContext): ReadonlySet<Instruction> {
  const found = evaluated(context, 'CMD', 'ENTRYPOINT', 'HEALTHCHECK');
  return new Set(found.filter(({ hasShell }) => hasShell).map(({ instruction }) => instruction));
}

/** Nothing may follow NONE; and without CMD a builder refuses the line, whose first word is no program to it. */
function isNoCommand(instruction: Instruction): boolean {
  return instruction.name === 'HEALTHCHECK' && instruction.type?.text.toUpperCase() !== 'CMD';
}
