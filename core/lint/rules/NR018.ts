/** NR018: a step whose whole effect ends with its shell. */

import type { Rule } from '../rule.ts';
import { stepsWith } from '../runs.ts';
import type { ShellCommand } from '../shell/script.ts';

export const NR018: Rule = {
  id: 'NR018',
  family: 'naru',
  severity: 'warning',
  message: 'this has no effect on later steps: every RUN starts a new shell',
  why: 'Directory, variables, aliases and started services belong to the shell of one RUN. Use WORKDIR and ENV, and start services when the container starts.',
  examples: {
    bad: ['FROM debian:12\nRUN cd /app\nRUN make', 'FROM debian:12\nRUN export PATH=/opt/bin:$PATH'],
    good: ['FROM debian:12\nWORKDIR /app\nRUN make', 'FROM debian:12\nENV PATH=/opt/bin:$PATH'],
  },
  check(context, report) {
    for (const { commands, run } of stepsWith(context, ...SERVICES, ...PASSING)) {
      if (run.heredocs.length > 0 || !commands.every(isPassing)) continue;
      const [first] = commands;
      const last = commands.at(-1);
      if (first === undefined || last === undefined) continue;
      // Neither substitutions nor redirections: they may do more.
      if (!/^[^$`<>()|]*$/.test(run.rest.text.replaceAll(/\$\{?\w+\}?/g, ''))) continue;
      report({ span: { start: first.span.start, end: last.span.end } });
    }
  },
};

function isPassing(command: ShellCommand): boolean {
  const { program } = command;
  if (program === 'service') return command.args.at(-1)?.value === 'start';
  if (program === 'systemctl') return /^(?:re)?start$/.test(command.args[0]?.value ?? '');
  return PASSING.has(program);
}

const SERVICES: readonly string[] = ['service', 'systemctl'];
const PASSING: ReadonlySet<string> = new Set('cd export alias umask ulimit unset pushd popd set'.split(' '));
