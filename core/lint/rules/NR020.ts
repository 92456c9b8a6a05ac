/** NR020: files are deleted in a layer above the one that holds them. */

import { type RunCommand, runSteps } from '../run-steps.ts';
import type { Rule } from '../rule.ts';

export const NR020: Rule = {
  id: 'NR020',
  family: 'naru',
  severity: 'info',
  message: 'delete files in the RUN that makes them: later, they stay in the layer below',
  why: 'A layer only adds: deleting a file of a layer below hides it and frees nothing.',
  examples: {
    bad: ['FROM debian:12\nRUN apt-get update && apt-get install -y curl\nRUN rm -rf /var/lib/apt/lists/*'],
    good: ['FROM debian:12\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*'],
  },
  check(context, report) {
    for (const { commands, instruction, stage } of runSteps(context)) {
      if (commands.length === 0 || instruction.flags.length > 0) continue;
      if (!commands.every((command) => isDeletion(command))) continue;
      const before = stage?.instructions.some(
        (other) => /^(?:RUN|COPY|ADD)$/.test(other.name) && other.span.end <= instruction.span.start,
      );
      if (before !== true) continue;
      const [first] = commands;
      const last = commands.at(-1);
      if (first !== undefined && last !== undefined)
        report({ span: { start: first.span.start, end: last.span.end } });
    }
  },
};

/** Caches and temporary files; other files may be deleted because they get in the way. */
function isDeletion({ name, words }: RunCommand): boolean {
  if (name === 'rm')
    return words.some((word) => /^\/(?:var\/(?:lib\/apt|cache|tmp)|tmp|root\/\.cache)(?:\/|$)/.test(word));
  return (
    /^(?:apt|apt-get|yum|dnf|zypper)$/.test(name) &&
    words.some((word) => /^(?:clean|autoclean|autoremove)$/.test(word))
  );
}
