/** NR020: files are deleted in a layer above the one that holds them. */

import type { Rule } from '../rule.ts';
import { stepsWith } from '../runs.ts';
import type { ShellCommand } from '../shell/script.ts';

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
    for (const { commands, run, stage } of stepsWith(context, 'rm', ...CLEANERS)) {
      if (run.flags.length > 0 || !commands.every(isDeletion)) continue;
      const before = stage?.instructions.some(
        (other) => /^(?:RUN|COPY|ADD)$/.test(other.name) && other.span.end <= run.span.start,
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
function isDeletion({ args, program }: ShellCommand): boolean {
  if (program !== 'rm' && !CLEANERS.includes(program)) return false;
  const wanted = program === 'rm' ? CACHES : /^(?:clean|autoclean|autoremove)$/;
  return args.some(({ value }) => wanted.test(value));
}

const CACHES = /^\/(?:var\/(?:lib\/apt|cache|tmp)|tmp|root\/\.cache)(?:\/|$)/;
const CLEANERS: readonly string[] = ['apt', 'apt-get', 'yum', 'dnf', 'zypper'];
