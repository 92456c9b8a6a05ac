/** NR003: a package index is fetched in a step of its own. */

import type { Rule } from '../rule.ts';
import { stepsWith } from '../runs.ts';
import { subcommand } from '../shell/arguments.ts';
import type { ShellCommand } from '../shell/script.ts';

export const NR003: Rule = {
  id: 'NR003',
  family: 'naru',
  severity: 'warning',
  message: 'fetch the package index in the RUN that installs from it',
  why: 'The step is cached for good: weeks later, packages are installed from an index that names files the archive no longer has. Put the update and the installation into one RUN.',
  examples: {
    bad: [
      'FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl',
      'FROM debian:12\nRUN apt-get update && apt-get upgrade -y\nRUN apt-get install -y curl',
    ],
    good: ['FROM debian:12\nRUN apt-get update && apt-get install -y curl'],
  },
  check(context, report) {
    const steps = stepsWith(context, ...MANAGERS);
    for (const [nth, { commands, run, stage }] of steps.entries()) {
      const upgrades = commands.some(isUpgrade);
      // Asked for the few steps where it matters: it looks at all behind.
      const isInstalledFromLater =
        upgrades &&
        steps.slice(nth + 1).some((step) => step.stage === stage && installsFromOlder(step.commands));
      for (const command of commands) {
        if (!MANAGERS.has(command.program) || subcommand(command) !== 'update') continue;
        const later = commands.slice(commands.indexOf(command) + 1);
        const usesIndex = later.some(
          (other) =>
            /^apt|^aptitude$|^apk$/.test(other.program) &&
            !/^(?:update|clean|autoclean)$/.test(subcommand(other) ?? '') &&
            !(isInstalledFromLater && isUpgrade(other)),
        );
        const isWhole = commands.every(({ program }) => MANAGERS.has(program) || HARMLESS.has(program));
        const hasCache = run.flags.some(({ name }) => name === 'mount');
        if (!usesIndex && isWhole && !hasCache) report({ span: command.span });
      }
    }
  },
};

function isUpgrade(command: ShellCommand): boolean {
  return /^(?:dist-|full-)?upgrade$/.test(subcommand(command) ?? '');
}

/** An installation without an update before it. */
function installsFromOlder(commands: readonly ShellCommand[]): boolean {
  const wanted = commands.filter(({ program }) => MANAGERS.has(program)).map(subcommand);
  return !wanted.includes('update') && wanted.some((word) => word === 'install' || word === 'add');
}

const MANAGERS: ReadonlySet<string> = new Set(['apt', 'apt-get', 'apk', 'aptitude']);
/** Commands that surely install nothing themselves. */
const HARMLESS: ReadonlySet<string> = new Set(['echo', 'export', 'rm', 'set', 'sudo', 'true', ':']);
