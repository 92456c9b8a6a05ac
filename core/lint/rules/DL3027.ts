/** DL3027: apt in a script. */

import { commandsNamed } from '../runs.ts';
import type { Fix, Rule } from '../rule.ts';

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
    for (const { name, args } of commandsNamed(context, 'apt')) {
      const isSame = name.text === 'apt' && args.some(({ value }) => SAME.has(value));
      const edits = [{ span: name.span, text: 'apt-get' }];
      const fix: Fix = { title: 'Use apt-get', edits, changesPlan: true };
      report({ span: name.span, ...(isSame ? { fix } : {}) });
    }
  },
};

/** What both understand alike. Not install: behind apt-get it is held to rules that apt escapes. */
const SAME: ReadonlySet<string> = new Set(['autoremove', 'build-dep', 'clean', 'purge', 'remove', 'update']);
