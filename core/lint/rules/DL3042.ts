/** DL3042: the cache of pip stays in the layer. */

import type { KeyValue, Stage } from '../../dockerfile/types.ts';
import { insertBehind } from '../insertion.ts';
import { isPipInstall, mayBePip } from '../pip.ts';
import { unquoted } from '../quotes.ts';
import { hasVolatileMount, passes, runsWhere } from '../runs.ts';
import { argumentOf, hasArgument, hasSequence } from '../shell/arguments.ts';
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
    for (const pass of passes(context, 'FROM', 'ENV', 'RUN')) {
      const quiet = new Set<Stage | undefined>();
      for (const { instruction: run, stage } of pass) {
        const parent = run.name === 'FROM' && stage !== undefined ? parents.get(stage) : undefined;
        if (parent !== undefined && quiet.has(parent)) quiet.add(stage);
        if (run.name === 'ENV' && run.pairs.some(turnsCacheOff)) quiet.add(stage);
        if (run.name !== 'RUN') continue;
        const script = runs.get(run);
        if (script === undefined || quiet.has(stage) || hasVolatileMount(run, '.cache/pip')) continue;
        if (/PIP_NO_CACHE_DIR=["']?(?:1|[Tt]rue|TRUE|on|On|ON|yes|Yes|YES)/.test(script.line.text)) continue;
        for (const command of script.commands) {
          if (!keepsCache(command)) continue;
          const install = argumentOf(command, ['install']) ?? command.name;
          report({ span: install.span, fix: insertBehind(install, '--no-cache-dir') });
        }
      }
    }
  },
};

function turnsCacheOff({ key, value }: KeyValue): boolean {
  if (key.text !== 'PIP_NO_CACHE_DIR') return false;
  return /^(?:1|true|True|TRUE|on|On|ON|yes|Yes|YES)$/.test(unquoted(value.text));
}

/** pipx and pipenv keep their own. */
function keepsCache(command: ShellCommand): boolean {
  if (!isPipInstall(command) || hasArgument(command, ['--no-cache-dir'])) return false;
  return !['pipx', 'pipenv'].some(
    (tool) => command.name.value.includes(tool) || hasSequence(command, ['-m', tool]),
  );
}
