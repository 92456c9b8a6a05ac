/** NR021: everything installed is upgraded. */

import { type RunCommand, runSteps } from '../run-steps.ts';
import type { Rule } from '../rule.ts';

export const NR021: Rule = {
  id: 'NR021',
  family: 'naru',
  severity: 'info',
  message: 'take a newer base image instead of upgrading all packages',
  why: 'What the step installs depends on the day it runs, and the cache keeps it for as long as the command does not change. A newer base image brings the same packages and says so in the FROM line.',
  examples: {
    bad: ['FROM debian:12\nRUN apt-get update && apt-get upgrade -y'],
    good: ['FROM debian:12.11\nRUN apt-get update && apt-get install -y curl'],
  },
  check(context, report) {
    for (const { commands } of runSteps(context)) {
      for (const command of commands) if (upgradesAll(command)) report({ span: command.span });
    }
  },
};

function upgradesAll({ name, words }: RunCommand): boolean {
  const plain = words.filter((word) => !word.startsWith('-'));
  const isAlone = plain.length === 1;
  if (name === 'apt' || name === 'apt-get')
    return /^(?:upgrade|dist-upgrade|full-upgrade)$/.test(plain[0] ?? '') && isAlone;
  if (name === 'apk') return plain[0] === 'upgrade' && isAlone;
  return /^(?:yum|dnf|microdnf)$/.test(name) && /^(?:update|upgrade)$/.test(plain[0] ?? '') && isAlone;
}
