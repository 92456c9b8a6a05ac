/** NR021: everything installed is upgraded. */

import type { Rule } from '../rule.ts';
import { programsNamed } from '../runs.ts';
import type { ShellCommand } from '../shell/script.ts';

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
    for (const command of programsNamed(context, ...UPGRADES.keys())) {
      if (upgradesAll(command)) report({ span: command.span });
    }
  },
};

/** The verbs that bring everything up to date when they stand alone. */
const UPGRADES: ReadonlyMap<string, RegExp> = new Map([
  ['apk', /^upgrade$/],
  ['apt', /^(?:upgrade|dist-upgrade|full-upgrade)$/],
  ['apt-get', /^(?:upgrade|dist-upgrade|full-upgrade)$/],
  ['dnf', /^(?:update|upgrade)$/],
  ['microdnf', /^(?:update|upgrade)$/],
  ['yum', /^(?:update|upgrade)$/],
]);

function upgradesAll(command: ShellCommand): boolean {
  const words = command.args.filter(({ value }) => !value.startsWith('-'));
  const verb = words.length === 1 ? (words[0]?.value ?? '') : '';
  return UPGRADES.get(command.program)?.test(verb) === true;
}
