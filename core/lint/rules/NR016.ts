/** NR016: a port that ordinary users may not open. */

import { isOrdinaryUser } from '../user-in-force.ts';
import type { Rule } from '../rule.ts';

export const NR016: Rule = {
  id: 'NR016',
  family: 'naru',
  severity: 'info',
  message: 'ports below 1024 may be refused to this USER',
  why: 'Docker lets ordinary users open any port, but other runtimes and Kubernetes do not unless they are told to. A port from 1024 on works everywhere; it can be published under any number.',
  examples: {
    bad: ['FROM nginx:1.27\nEXPOSE 80\nUSER 101'],
    good: ['FROM nginx:1.27\nEXPOSE 8080\nUSER 101'],
  },
  check({ dockerfile }, report) {
    const last = dockerfile.stages.at(-1);
    const user = last?.instructions.findLast(({ name }) => name === 'USER');
    if (last === undefined || user?.name !== 'USER' || user.value === undefined) return;
    if (!isOrdinaryUser(user.value)) return;
    for (const instruction of last.instructions) {
      if (instruction.name !== 'EXPOSE') continue;
      for (const { span, text } of instruction.values) {
        const port = /^(\d+)(?:\/\w+)?$/.exec(text)?.[1];
        if (port === undefined || Number(port) >= 1024 || Number(port) === 0) continue;
        report({ span, message: `port ${port} may be refused to USER ${user.value.text}` });
      }
    }
  },
};
