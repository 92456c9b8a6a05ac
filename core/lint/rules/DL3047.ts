/** DL3047: wget that draws its progress. */

import type { Stage } from '../../dockerfile/types.ts';
import { insertBehind, offeredBehind } from '../insertion.ts';
import type { Fix, LintContext, Rule } from '../rule.ts';
import { runsWith, stepsWith } from '../runs.ts';
import { hasArgument, hasFlag, wordsOf } from '../shell/arguments.ts';
import type { ShellCommand } from '../shell/script.ts';
import { parentStages } from '../stage-graph.ts';

export const DL3047: Rule = {
  id: 'DL3047',
  family: 'hadolint',
  severity: 'info',
  message: 'use wget --progress=dot:giga, or -q or -nv: progress makes the log of a build very long',
  why: 'Without a terminal the progress of a download is one line per 50 KiB. A quiet or a coarse one keeps the log readable. BusyBox knows -q alone.',
  examples: {
    bad: ['FROM debian:12\nRUN wget https://example.com/file'],
    good: ['FROM debian:12\nRUN wget --progress=dot:giga https://example.com/file'],
  },
  check(context, report) {
    for (const { commands, stage } of runsWith(context, 'wget')) {
      for (const command of commands) {
        if (command.name.value !== 'wget') continue;
        if (hasFlag(command, CALM) || hasArgument(command, ['-nv'])) continue;
        const fix = command.name.text === 'wget' ? fixFor(context, stage, command) : undefined;
        report({ span: command.name.span, ...(fix === undefined ? {} : { fix }) });
      }
    }
  },
};

/** BusyBox's wget refuses the flag: it is for where GNU's is installed, and where nobody knows the user decides. */
function fixFor(context: LintContext, stage: Stage | undefined, { name }: ShellCommand): Fix | undefined {
  if (context.once(stagesWithWget).has(stage)) return insertBehind(name, FLAG);
  const isBusybox = stage === undefined || context.once(busyboxStages).has(stage);
  return isBusybox ? undefined : offeredBehind(name, FLAG);
}

const FLAG = '--progress=dot:giga';

/** The stages in which, or below which, a package manager installs it. */
function stagesWithWget(context: LintContext): ReadonlySet<Stage | undefined> {
  const parents = context.once(parentStages);
  const found = new Set<Stage | undefined>();
  for (const { commands, stage } of stepsWith(context, ...PACKAGE_MANAGERS))
    if (commands.some(installsWget)) found.add(stage);
  for (const [stage, parent] of parents) if (found.has(parent)) found.add(stage);
  return found;
}

function installsWget(command: ShellCommand): boolean {
  return (
    PACKAGE_MANAGERS.includes(command.program) &&
    wordsOf(command).some((word) => /^wget(?:[=<>~@-]|$)/.test(word))
  );
}

const PACKAGE_MANAGERS = [
  'apk',
  'apt',
  'apt-get',
  'aptitude',
  'dnf',
  'microdnf',
  'pacman',
  'tdnf',
  'yum',
  'zypper',
];

/** Those on Alpine or BusyBox by the name of the image. */
function busyboxStages({ dockerfile, once }: LintContext): ReadonlySet<Stage> {
  const parents = once(parentStages);
  const found = new Set<Stage>();
  for (const stage of dockerfile.stages) {
    const parent = parents.get(stage);
    const isNamed = /(?:^|[/:-])(?:alpine|busybox)/i.test(stage.from.image?.text ?? '');
    if (parent === undefined ? isNamed : found.has(parent)) found.add(stage);
  }
  return found;
}

/** Flags that choose another progress, none, or a file for it. */
const CALM: readonly string[] = [
  'progress',
  'q',
  'quiet',
  'o',
  'output-file',
  'a',
  'append-output',
  'no-verbose',
];
