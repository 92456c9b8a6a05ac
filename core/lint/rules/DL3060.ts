/** DL3060: the cache of yarn stays in the layer. */

import { reportInKeptStages } from '../kept-stages.ts';
import { hasVolatileMount } from '../runs.ts';
import { comesBefore, isCall } from '../shell/arguments.ts';
import type { ShellCommand } from '../shell/script.ts';
import type { Rule } from '../rule.ts';

export const DL3060: Rule = {
  id: 'DL3060',
  family: 'hadolint',
  severity: 'info',
  message: 'yarn cache clean is missing behind yarn install',
  why: 'yarn keeps every package it fetched a second time, as an archive. In an image it is of no use, unless a cache is mounted there.',
  examples: {
    bad: ['FROM node:22\nRUN yarn install'],
    good: ['FROM node:22\nRUN yarn install && yarn cache clean'],
  },
  check(context, report) {
    reportInKeptStages(context, report, ['yarn'], ({ run, script }) => {
      const install = script.commands.find(isInstall);
      if (install === undefined) return undefined;
      if (!script.commands.some(isClean))
        return hasVolatileMount(run, '.cache/yarn') ? undefined : install.span;
      return comesBefore(script, isClean, isInstall) ? install.span : undefined;
    });
  },
};

function isInstall(command: ShellCommand): boolean {
  return isCall(command, 'yarn', ['install']);
}

function isClean(command: ShellCommand): boolean {
  return isCall(command, 'yarn', ['cache', 'clean']);
}
