/** DL3047: wget that draws its progress. */

import type { Stage } from '../../dockerfile/types.ts';
import { insertBehind, offeredBehind } from '../insertion.ts';
import type { LintContext, Rule } from '../rule.ts';
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
    const busybox = context.once(busyboxStages);
    const installing = context.once(stagesWithWget);
    for (const { commands, stage } of runsWith(context, 'wget')) {
      const isBusybox = stage !== undefined && busybox.has(stage);
      for (const { name } of commands.filter(isLoud)) {
        const by = installing.get(stage);
        const isOffered = name.text === 'wget' && (!isBusybox || by !== undefined);
        const fix = by === 'apt' ? insertBehind(name, FLAG) : offeredBehind(name, FLAG);
        const message =
          isBusybox && by === undefined
            ? 'use wget -q: progress makes the log of a build very long'
            : undefined;
        report({
          span: name.span,
          ...(message === undefined ? {} : { message }),
          ...(isOffered ? { fix } : {}),
        });
      }
    }
  },
};

function isLoud(command: ShellCommand): boolean {
  return command.name.value === 'wget' && !hasFlag(command, CALM) && !hasArgument(command, ['-nv']);
}

const FLAG = '--progress=dot:giga';

/**
 * The stages in which, or below which, a package manager installs it, with the one that does.
 * What apt installs is GNU's, and nothing else is there before; elsewhere BusyBox's may run first, or after, and refuses the flag.
 */
function stagesWithWget(context: LintContext): ReadonlyMap<Stage | undefined, 'apt' | 'other'> {
  const found = new Map<Stage | undefined, 'apt' | 'other'>();
  for (const { commands, stage } of stepsWith(context, ...APT, ...OTHERS)) {
    const by = commands.find(installsWget);
    if (by !== undefined) found.set(stage, APT.includes(by.program) ? 'apt' : 'other');
  }
  for (const [stage, parent] of context.once(parentStages)) {
    const below = found.get(parent);
    if (below !== undefined && !found.has(stage)) found.set(stage, below);
  }
  return found;
}

function installsWget(command: ShellCommand): boolean {
  const isInstaller = APT.includes(command.program) || OTHERS.includes(command.program);
  return isInstaller && wordsOf(command).some((word) => /^wget(?:[=<>~@-]|$)/.test(word));
}

const APT: readonly string[] = ['apt', 'apt-get', 'aptitude'];
const OTHERS: readonly string[] = ['apk', 'dnf', 'microdnf', 'pacman', 'tdnf', 'yum', 'zypper'];

/** Those on Alpine or BusyBox by the name of the image. */
function busyboxStages({ dockerfile, once }: LintContext): ReadonlySet<Stage> {
  const parents = once(parentStages);
  const found = new Set<Stage>();
  for (const stage of dockerfile.stages) {
    const parent = parents.get(stage);
    const isNamed = BUSYBOX.test(stage.from.image?.text ?? '');
    if (parent === undefined ? isNamed : found.has(parent)) found.add(stage);
  }
  return found;
}

/** By name, and official images that stand on Alpine without saying so. */
const BUSYBOX =
  /(?:^|[/:-])(?:alpine|busybox)|^(?:(?:docker\.io\/)?library\/)?(?:caddy|docker|registry|traefik)(?:[:@]|$)/i;

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
