/** DL3009: the lists of apt stay in the layer. */

import { reportInKeptStages } from '../kept-stages.ts';
import { hasVolatileMount } from '../runs.ts';
import { hasArgument, isCall } from '../shell/arguments.ts';
import type { ShellCommand } from '../shell/script.ts';
import type { Rule } from '../rule.ts';

export const DL3009: Rule = {
  id: 'DL3009',
  family: 'hadolint',
  severity: 'info',
  message: 'delete the lists of apt: rm -rf /var/lib/apt/lists/*',
  why: 'The lists that apt-get update fetches weigh tens of megabytes and are of no use in the image. They can only be left out of the layer by the RUN that fetched them.',
  examples: {
    bad: ['FROM debian:12\nRUN apt-get update && apt-get install -y curl'],
    good: ['FROM debian:12\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*'],
  },
  check(context, report) {
    reportInKeptStages(context, report, MANAGERS, ({ commands, run }) => {
      const update = commands.find(isUpdate);
      if (update === undefined || commands.some(isCleanup)) return undefined;
      if (!context.followsHadolint && commands.some(cleansOtherwise)) return undefined;
      if (hasVolatileMount(run, '/var/lib/apt/lists')) return undefined;
      const hasBoth = hasVolatileMount(run, '/var/lib/apt') && hasVolatileMount(run, '/var/cache/apt');
      return hasBoth ? undefined : update.span;
    });
  },
};

const MANAGERS: readonly string[] = ['apt', 'apt-get', 'aptitude'];

function isUpdate(command: ShellCommand): boolean {
  return MANAGERS.includes(command.name.value) && hasArgument(command, ['update']);
}

function isCleanup(command: ShellCommand): boolean {
  return isCall(command, 'rm', ['-rf', '/var/lib/apt/lists/*']);
}

/** Other ways to the same, which hadolint does not know. */
function cleansOtherwise(command: ShellCommand): boolean {
  const { args, name, program } = command;
  if (MANAGERS.includes(name.value)) return hasArgument(command, ['dist-clean', 'distclean']);
  const isThere = args.some(({ value }) => /^\/var\/lib\/apt(?:\/lists)?(?:\/|$)/.test(value));
  return isThere && (program === 'rm' || (program === 'find' && hasArgument(command, ['-delete', 'rm'])));
}
