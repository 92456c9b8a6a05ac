/** NR007: git clone without a commit or a tag. */

import type { Rule } from '../rule.ts';
import { stepsWith } from '../runs.ts';
import { wordsOf } from '../shell/arguments.ts';

export const NR007: Rule = {
  id: 'NR007',
  family: 'naru',
  severity: 'info',
  message: 'name the tag to clone, or check out a commit in the same RUN',
  why: 'The newest commit of the branch is taken on the day the step runs, and the cache keeps it for as long as the command does not change. Clone with --branch TAG, or check out a commit.',
  examples: {
    bad: ['FROM debian:12\nRUN git clone https://example.com/tool.git'],
    good: ['FROM debian:12\nRUN git clone --branch v1.2 --depth 1 https://example.com/tool.git'],
  },
  check(context, report) {
    for (const { commands } of stepsWith(context, 'git')) {
      const calls = commands
        .filter(({ program }) => program === 'git')
        .map((command) => ({ span: command.span, words: wordsOf(command) }));
      if (calls.some(({ words }) => /^(?:checkout|reset|switch)$/.test(gitVerb(words) ?? ''))) continue;
      for (const { span, words } of calls) {
        if (gitVerb(words) !== 'clone') continue;
        if (!words.some((word) => /^(?:-b|--branch|--revision)(?:$|=)|^-b./.test(word))) report({ span });
      }
    }
  },
};

/** Behind the flags that stand before it: `git -C /src -c a=b checkout`. */
function gitVerb(words: readonly string[]): string | undefined {
  let at = 0;
  while (words[at]?.startsWith('-')) at += words[at] === '-C' || words[at] === '-c' ? 2 : 1;
  return words[at];
}
