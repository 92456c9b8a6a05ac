/** DL3042: the cache of pip stays in the layer. */

import type { ArgInstruction, EnvInstruction, KeyValue, Stage } from '../../dockerfile/types.ts';
import { insertBehind } from '../insertion.ts';
import { isPipInstall, mayBePip } from '../pip.ts';
import { unquoted } from '../quotes.ts';
import { hasVolatileMount, isMountedOver, passes, runsWhere } from '../runs.ts';
import { argumentOf, flagValues, hasArgument, hasSequence } from '../shell/arguments.ts';
import type { ShellCommand } from '../shell/script.ts';
import { parentStages } from '../stage-graph.ts';
import type { Rule } from '../rule.ts';

export const DL3042: Rule = {
  id: 'DL3042',
  family: 'hadolint',
  severity: 'warning',
  message: 'use pip install --no-cache-dir',
  why: 'pip keeps what it downloads below the home directory, in the layer. A build never uses it again, unless a cache is mounted there.',
  examples: {
    bad: ['FROM python:3.12\nRUN pip install django==5.1'],
    good: [
      'FROM python:3.12\nRUN pip install --no-cache-dir django==5.1',
      'FROM python:3.12\nENV PIP_NO_CACHE_DIR=1\nRUN pip install django==5.1',
    ],
  },
  check(context, report) {
    const runs = new Map(runsWhere(context, mayBePip).map(({ run, script }) => [run, script]));
    if (runs.size === 0) return;
    const parents = context.once(parentStages);
    for (const pass of passes(context, 'FROM', 'ARG', 'ENV', 'RUN')) {
      const quiet = new Set<Stage | undefined>();
      const caches = ['/root/.cache/pip'];
      for (const { instruction: run, stage } of pass) {
        const parent = run.name === 'FROM' && stage !== undefined ? parents.get(stage) : undefined;
        if (parent !== undefined && quiet.has(parent)) quiet.add(stage);
        if (run.name === 'ENV' && run.pairs.some(turnsCacheOff)) quiet.add(stage);
        if (run.name === 'ENV' || run.name === 'ARG') caches.push(...namedCaches(run));
        if (run.name !== 'RUN') continue;
        const script = runs.get(run);
        if (script === undefined || quiet.has(stage) || hasVolatileMount(run, '.cache/pip')) continue;
        if (/PIP_NO_CACHE_DIR=["']?(?:1|[Tt]rue|TRUE|on|On|ON|yes|Yes|YES)/.test(script.line.text)) continue;
        for (const command of script.commands) {
          if (!keepsCache(command)) continue;
          const install = argumentOf(command, ['install']) ?? command.name;
          const own = cacheOption(command);
          // pip takes beginnings of its options.
          if (
            !context.followsHadolint &&
            hasArgument(command, ['--no-cache', '--no-cache-di', '--no-cache-d'])
          )
            continue;
          if (!context.followsHadolint && isMountedOver(run, own === undefined ? caches : [own])) continue;
          // Two options that contradict each other are nobody's wish.
          const fix = own === undefined ? { fix: insertBehind(install, '--no-cache-dir') } : {};
          report({ span: install.span, ...fix });
        }
      }
    }
  },
};

function turnsCacheOff({ key, value }: KeyValue): boolean {
  if (key.text !== 'PIP_NO_CACHE_DIR') return false;
  return /^(?:1|true|True|TRUE|on|On|ON|yes|Yes|YES)$/.test(unquoted(value.text));
}

/** Directories that variables name for the cache. */
function namedCaches(instruction: ArgInstruction | EnvInstruction): readonly string[] {
  const pairs = instruction.name === 'ARG' ? instruction.variables : instruction.pairs;
  return pairs.flatMap(({ key, value }) =>
    value === undefined || !['PIP_CACHE_DIR', 'XDG_CACHE_HOME'].includes(key.text)
      ? []
      : unquoted(value.text),
  );
}

function cacheOption(command: ShellCommand): string | undefined {
  const [apart] = flagValues(command, 'cache-dir');
  const joined = command.args.find(({ value }) => value.startsWith('--cache-dir='));
  return joined?.value.slice('--cache-dir='.length) ?? apart?.value;
}

/** pipx and pipenv keep their own. */
function keepsCache(command: ShellCommand): boolean {
  if (!isPipInstall(command) || hasArgument(command, ['--no-cache-dir'])) return false;
  return !['pipx', 'pipenv'].some(
    (tool) => command.name.value.includes(tool) || hasSequence(command, ['-m', tool]),
  );
}
