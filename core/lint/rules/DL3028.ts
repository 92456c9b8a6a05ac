/** DL3028: gem install without versions. */

import { commandsNamed } from '../runs.ts';
import { hasArgument } from '../shell/arguments.ts';
import type { ShellCommand, ShellWord } from '../shell/script.ts';
import type { Rule } from '../rule.ts';

export const DL3028: Rule = {
  id: 'DL3028',
  family: 'hadolint',
  severity: 'warning',
  message: 'pin versions: gem install <gem>:<version>',
  why: 'Without a version the same Dockerfile installs something else tomorrow, and the layer cache keeps what it installed today.',
  examples: {
    bad: ['FROM ruby:3.3\nRUN gem install rake'],
    good: ['FROM ruby:3.3\nRUN gem install rake:13.2.1'],
  },
  check(context, report) {
    for (const command of commandsNamed(context, 'gem')) {
      if (!hasArgument(command, ['install', 'i']) || namesVersion(command)) continue;
      const unpinned = gemsOf(command).find(({ value }) => !value.includes(':'));
      if (unpinned !== undefined) report({ span: unpinned.span });
    }
  },
};

function namesVersion({ args }: ShellCommand): boolean {
  return args.some(({ value }) => value === '-v' || /^--version(?:=|$)/.test(value));
}

/** Flags of gem that take no value; those that nobody knows do. */
const PLAIN_FLAGS: ReadonlySet<string> = new Set(
  (
    '-N -f -q -E -w -V -l -r -b --force --quiet --silent --verbose --backtrace --debug --norc --pre --prerelease ' +
    '--env-shebang --wrappers --user-install --ignore-dependencies --conservative --minimal-deps --suggestions ' +
    '--development --development-all --explain --lock --post-install-message --default --clear-sources --local ' +
    '--remote --both --update-sources --vendor'
  ).split(' '),
);

/** Behind `--` are options of the compiler. */
function gemsOf({ args }: ShellCommand): readonly ShellWord[] {
  const gems: ShellWord[] = [];
  let isValue = false;
  for (const word of args) {
    if (word.value === '--') break;
    const isFlag: boolean = !isValue && word.value.startsWith('-');
    if (!isFlag && !isValue && word.value !== 'install' && word.value !== 'i') gems.push(word);
    isValue = isFlag && !PLAIN_FLAGS.has(word.value) && !/^--no-|=/.test(word.value);
  }
  return gems;
}
