/** DL3013: pip install without versions. */

import { valuedOptions } from '../option-values.ts';
import { pipInstalls } from '../pip.ts';
import { hasArgument, hasFlag, plainArguments } from '../shell/arguments.ts';
import type { ShellCommand, ShellWord } from '../shell/script.ts';
import type { Rule } from '../rule.ts';

export const DL3013: Rule = {
  id: 'DL3013',
  family: 'hadolint',
  severity: 'warning',
  message: 'pin versions: pip install <package>==<version>, or install from a requirements file',
  why: 'Without a version the same Dockerfile installs something else tomorrow, and the layer cache keeps what it installed today.',
  examples: {
    bad: ['FROM python:3.12\nRUN pip install django'],
    good: [
      'FROM python:3.12\nRUN pip install django==5.1',
      'FROM python:3.12\nRUN pip install -r requirements.txt',
    ],
  },
  check(context, report) {
    for (const command of pipInstalls(context)) {
      if (installsList(command)) continue;
      const unpinned = packagesOf(command, valuedOptions(context, 'pip', KNOWN)).find(
        ({ value }) => !isPinned(value),
      );
      if (unpinned !== undefined) report({ span: unpinned.span });
    }
  },
};

/** A list of requirements or constraints, or the project itself. */
function installsList(command: ShellCommand): boolean {
  return hasFlag(command, ['c', 'constraint']) || hasArgument(command, ['-r', '--requirement', '.']);
}

function packagesOf(command: ShellCommand, valued: readonly string[]): readonly ShellWord[] {
  const words = plainArguments(command, valued);
  const install = words.findIndex(({ value }) => value === 'install');
  return install < 0 ? [] : words.slice(install + 1).filter(({ value }) => value !== 'install');
}

/** Those that hadolint knows. */
const KNOWN = (
  'abi b build e editable extra-index-url f find-links i index-url implementation no-binary only-binary ' +
  'platform prefix progress-bar proxy python python-version root root-user-action src t target ' +
  'trusted-host upgrade-strategy'
).split(' ');

/** A version, a repository at a revision, or a file. */
function isPinned(name: string): boolean {
  if (/[<>]|==|!=|~=/.test(name) || /\.(?:whl|tar\.gz)$/.test(name)) return true;
  return /^(?:git|hg|svn|bzr)(?:\+\w|$|:)/.test(name) ? name.includes('@') : name.includes('/');
}
