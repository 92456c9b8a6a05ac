/** DL3060: the cache of yarn stays in the layer. */

import { reportInKeptStages } from '../kept-stages.ts';
import type { RunInstruction } from '../../dockerfile/types.ts';
import { unquoted } from '../quotes.ts';
import type { LintContext, Rule } from '../rule.ts';
import { hasVolatileMount, isMountedOver } from '../runs.ts';
import { comesBefore, isCall } from '../shell/arguments.ts';
import type { ShellCommand, ShellScript } from '../shell/script.ts';

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
        return hasVolatileMount(run, '.cache/yarn') || isMounted(context, run, script)
          ? undefined
          : install.span;
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

/** Where yarn keeps it for root, or where a variable says; hadolint knows one of the places. */
function isMounted(context: LintContext, run: RunInstruction, { line }: ShellScript): boolean {
  if (context.followsHadolint) return false;
  const named = context
    .instructions('ENV')
    .flatMap(({ instruction }) => instruction.pairs)
    .filter(({ key }) => key.text === 'YARN_CACHE_FOLDER')
    .map(({ value }) => unquoted(value.text));
  const inline = /\bYARN_CACHE_FOLDER=["']?([^\s"']+)/.exec(line.text)?.[1];
  return isMountedOver(run, [
    '/usr/local/share/.cache/yarn',
    ...named,
    ...(inline === undefined ? [] : [inline]),
  ]);
}
