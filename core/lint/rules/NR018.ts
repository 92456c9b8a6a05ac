/** NR018: a step whose whole effect ends with its shell. */

import { type RunCommand, runSteps } from '../run-steps.ts';
import type { Rule } from '../rule.ts';

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
  check({ dockerfile, ...context }, report) {
    for (const { commands, instruction } of runSteps({ dockerfile, ...context })) {
      const [first] = commands;
      const last = commands.at(-1);
      if (first === undefined || last === undefined || instruction.heredocs.length > 0) continue;
      const isWhole = /^[^$`<>()|]*$/.test(instruction.rest.text.replaceAll(/\$\{?\w+\}?/g, ''));
      if (!isWhole || !commands.every((command) => isPassing(command))) continue;
      report({ span: { start: first.span.start, end: last.span.end } });
    }
  },
};

function isPassing({ name, words }: RunCommand): boolean {
  if (name === 'service') return words.at(-1) === 'start';
  if (name === 'systemctl') return words[0] === 'start' || words[0] === 'restart';
  return /^(?:cd|export|alias|umask|ulimit|unset|pushd|popd|set)$/.test(name);
}
