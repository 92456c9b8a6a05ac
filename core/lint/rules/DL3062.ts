/** DL3062: go install without versions. */

import { valuedOptions } from '../option-values.ts';
import { runsWith } from '../runs.ts';
import { isCall, plainArguments } from '../shell/arguments.ts';
import type { ShellCommand, ShellWord } from '../shell/script.ts';
import type { Rule } from '../rule.ts';

export const DL3062: Rule = {
  id: 'DL3062',
  family: 'hadolint',
  severity: 'warning',
  message: 'pin versions: go install <package>@<version>',
  why: 'Without a version the same Dockerfile installs something else tomorrow, and the layer cache keeps what it installed today. @latest is no version.',
  examples: {
    bad: ['FROM golang:1.23\nRUN go install example.com/tool@latest'],
    good: ['FROM golang:1.23\nRUN go install example.com/tool@v1.2.3'],
  },
  check(context, report) {
    const valued = valuedOptions(context, 'go');
    for (const { commands } of runsWith(context, 'go')) {
      const programs = commands.flatMap((command) => programRun(command, valued));
      const words =
        programs.length > 0 ? programs : commands.flatMap((command) => packagesFetched(command, valued));
      const unpinned = words.find(({ value }) => !isPinned(value));
      if (unpinned !== undefined) report({ span: unpinned.span });
    }
  },
};

/** What is behind the program are its own arguments. */
function programRun(command: ShellCommand, valued: readonly string[]): readonly ShellWord[] {
  if (!isCall(command, 'go', ['run'])) return [];
  return plainArguments(command, valued)
    .slice(0, 2)
    .filter(({ value }) => value !== 'run');
}

function packagesFetched(command: ShellCommand, valued: readonly string[]): readonly ShellWord[] {
  if (!isCall(command, 'go', ['install', 'get'])) return [];
  return plainArguments(command, valued).filter(({ value }) => !['install', 'get', 'tool'].includes(value));
}

/** A version, or a path of this machine. */
function isPinned(name: string): boolean {
  if (name.startsWith('.') || name.startsWith('/')) return true;
  return name.includes('@') && !/@(?:latest|none)$/.test(name);
}
