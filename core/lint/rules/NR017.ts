/** NR017: system packages are installed by an ordinary user. */

import { runSteps, subcommand } from '../run-steps.ts';
import { isOrdinaryUser, usersInForce } from '../user-in-force.ts';
import type { Rule } from '../rule.ts';

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
    const users = usersInForce(context.dockerfile);
    for (const { commands, instruction } of runSteps(context)) {
      const user = users.get(instruction);
      if (user === undefined || !isOrdinaryUser(user)) continue;
      if (commands.some(({ name }) => /^(?:sudo|su|doas|gosu)$/.test(name))) continue;
      const command = commands.find(
        (found) => MANAGERS.has(found.name) && VERBS.test(subcommand(found) ?? ''),
      );
      if (command === undefined) continue;
      report({
        span: command.span,
        message: `${command.name} needs root, and this step runs as ${user.text}`,
      });
    }
  },
};

const MANAGERS: ReadonlySet<string> = new Set(['apk', 'apt', 'apt-get', 'dnf', 'microdnf', 'yum', 'zypper']);
const VERBS = /^(?:add|install|update|upgrade|remove|purge)$/;
