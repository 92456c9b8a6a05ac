/** DL3027: apt in a script. */

import { runsWith } from '../runs.ts';
import type { Fix, Rule } from '../rule.ts';
import type { ShellCommand } from '../shell/script.ts';

export const DL3027: Rule = {
  id: 'DL3027',
  family: 'hadolint',
  severity: 'warning',
  message: 'use apt-get or apt-cache: apt is made for people at a terminal',
  why: 'apt warns that its command line may change between versions. apt-get and apt-cache keep theirs.',
  examples: {
    bad: ['FROM debian:12\nRUN apt install -y curl=7.88.1-10', 'FROM debian:12\nRUN apt update'],
    good: ['FROM debian:12\nRUN apt-get install -y curl=7.88.1-10'],
  },
  check(context, report) {
    for (const { commands } of runsWith(context, 'apt')) {
      const calls = commands.filter(({ name }) => name.value === 'apt');
      // Both names in one step would be worse than the one.
      const isFixed = calls.every(isSame);
      for (const { name } of calls) {
        const edits = [{ span: name.span, text: 'apt-get' }];
        const fix: Fix = { title: 'Use apt-get', edits, changesPlan: true };
        report({ span: name.span, ...(isFixed ? { fix } : {}) });
      }
    }
  },
};

function isSame({ args, name }: ShellCommand): boolean {
  return name.text === 'apt' && args.some(({ value }) => SAME.has(value));
}

/** What both understand alike. Not install: behind apt-get it is held to rules that apt escapes. */
const SAME: ReadonlySet<string> = new Set(['autoremove', 'build-dep', 'clean', 'purge', 'remove', 'update']);
