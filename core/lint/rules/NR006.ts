/** NR006: a downloaded script is run unseen. */

import type { Span } from '../../source.ts';
import type { Rule } from '../rule.ts';
import { stepsWith } from '../runs.ts';
import { wordsOf } from '../shell/arguments.ts';
import type { ShellCommand } from '../shell/script.ts';

export const NR006: Rule = {
  id: 'NR006',
  family: 'naru',
  severity: 'info',
  message: 'download to a file, check its digest, then run it',
  why: 'What the address answers decides what is built, today and in a year, and a download that breaks off is run as far as it got. Download the script in a version of your choice, compare its digest, then run it.',
  examples: {
    bad: ['FROM debian:12\nRUN curl -fsSL https://example.com/install.sh | sh'],
    good: [
      'FROM debian:12\nRUN curl -fsSLo install.sh https://example.com/install-1.2.sh && echo "$DIGEST install.sh" | sha256sum -c && sh install.sh',
    ],
  },
  check(context, report) {
    for (const { commands } of stepsWith(context, 'curl', 'wget')) {
      for (const [at, command] of commands.entries()) {
        const next = commands[at + 1];
        if (next === undefined || (command.program !== 'curl' && command.program !== 'wget')) continue;
        if (between(context.dockerfile.text, command.span, next.span) !== '|' || !runsItsInput(next))
          continue;
        report({ span: { start: command.span.start, end: next.span.end } });
      }
    }
  },
};

const INTERPRETERS = /^(?:(?:ba|da|a|k|z)?sh|python[\d.]*|perl|ruby|node|php)$/;

/** `sh`, `bash -s -- flags`, `sudo bash -`; not `python -c …` or `sh script`. */
function runsItsInput(command: ShellCommand): boolean {
  const { program: name } = command;
  const words = wordsOf(command);
  const isWrapped = name === 'sudo' || name === 'env';
  const program = isWrapped ? words.findIndex((word) => INTERPRETERS.test(word)) : -1;
  if (isWrapped ? program < 0 : !INTERPRETERS.test(name)) return false;
  const args = isWrapped ? words.slice(program + 1) : words;
  const first = args.find((word) => word === '-' || word === '-s' || !word.startsWith('-'));
  return first === undefined ? !args.some((word) => /^-[cem]/.test(word)) : first === '-' || first === '-s';
}

/** What stands between two commands of one script, continuations taken out: `|`, `&&`, `;` … */
function between(text: string, before: Span, after: Span): string {
  return text
    .slice(before.end, after.start)
    .replaceAll(/[\\`]\r?\n/g, '')
    .trim();
}
