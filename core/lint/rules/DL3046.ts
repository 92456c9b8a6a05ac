/** DL3046: useradd with a high user id and without -l. */

import { insertBehind } from '../insertion.ts';
import { commandsNamed } from '../runs.ts';
import { flagValues, hasFlag } from '../shell/arguments.ts';
import type { Rule } from '../rule.ts';

export const DL3046: Rule = {
  id: 'DL3046',
  family: 'hadolint',
  severity: 'warning',
  message: 'use useradd -l with a high user id: the image becomes very large otherwise',
  why: 'useradd writes the new user into /var/log/lastlog and faillog, sparse files as long as the user id is high. In a layer they are not sparse any more.',
  examples: {
    bad: ['FROM debian:12\nRUN useradd -u 123456 app'],
    good: ['FROM debian:12\nRUN useradd -l -u 123456 app'],
  },
  check(context, report) {
    for (const command of commandsNamed(context, 'useradd')) {
      if (hasFlag(command, ['l', 'no-log-init'])) continue;
      const id = flagValues(command, 'u').find(({ value }) => value.length > 5);
      if (id === undefined) continue;
      // hadolint counts the letters of a variable, too.
      const only = id.value.includes('$') ? { only: 'tool' as const } : {};
      report({ span: id.span, fix: insertBehind(command.name, '-l'), ...only });
    }
  },
};
