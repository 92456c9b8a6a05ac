/** DL3047: wget that draws its progress. */

import { insertBehind } from '../insertion.ts';
import { commandsNamed } from '../runs.ts';
import { hasArgument, hasFlag } from '../shell/arguments.ts';
import type { Rule } from '../rule.ts';

export const DL3047: Rule = {
  id: 'DL3047',
  family: 'hadolint',
  severity: 'info',
  message: 'use wget --progress=dot:giga, or -q or -nv: progress makes the log of a build very long',
  why: 'Without a terminal the progress of a download is one line per 50 KiB. A quiet or a coarse one keeps the log readable.',
  examples: {
    bad: ['FROM debian:12\nRUN wget https://example.com/file'],
    good: ['FROM debian:12\nRUN wget --progress=dot:giga https://example.com/file'],
  },
  check(context, report) {
    for (const command of commandsNamed(context, 'wget')) {
      if (hasFlag(command, CALM) || hasArgument(command, ['-nv'])) continue;
      const isPlain = command.name.text === 'wget';
      const fix = insertBehind(command.name, '--progress=dot:giga');
      report({ span: command.name.span, ...(isPlain ? { fix } : {}) });
    }
  },
};

/** Flags that choose another progress, none, or a file for it. */
const CALM: readonly string[] = [
  'progress',
  'q',
  'quiet',
  'o',
  'output-file',
  'a',
  'append-output',
  'no-verbose',
];
