/** NR017: system packages are installed by an ordinary user. */

import type { Rule } from '../rule.ts';
import { stepsWith } from '../runs.ts';
import { subcommand } from '../shell/arguments.ts';
import { isOrdinaryUser, usersInForce } from '../user-in-force.ts';

export const NR017: Rule = {
  id: 'NR017',
  family: 'naru',
  severity: 'warning',
  message: 'only root can install packages: put this before USER',
  why: 'The step runs as the USER above it, who may not write to the system directories, so it fails. Install first, then change the user.',
  examples: {
    bad: ['FROM debian:12\nUSER 1000\nRUN apt-get update && apt-get install -y curl'],
    good: ['FROM debian:12\nRUN apt-get update && apt-get install -y curl\nUSER 1000'],
  },
  check(context, report) {
    const users = context.once(usersInForce);
    for (const { commands, run } of stepsWith(context, ...MANAGERS)) {
      const user = users.get(run);
      if (user === undefined || !isOrdinaryUser(user)) continue;
      if (commands.some(({ program }) => /^(?:sudo|su|doas|gosu)$/.test(program))) continue;
      const command = commands.find(
        (found) => MANAGERS.has(found.program) && VERBS.test(subcommand(found) ?? ''),
      );
      if (command === undefined) continue;
      report({
        span: command.span,
        message: `${command.program} needs root, and this step runs as ${user.text}`,
      });
    }
  },
};

const MANAGERS: ReadonlySet<string> = new Set(['apk', 'apt', 'apt-get', 'dnf', 'microdnf', 'yum', 'zypper']);
const VERBS = /^(?:add|install|update|upgrade|remove|purge)$/;
