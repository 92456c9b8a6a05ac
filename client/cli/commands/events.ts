/** `naru events`: what happens in the engine, as it happens. */

import type { Command } from 'commander';

import { type EngineEvent, engineEvents } from '../../driver/engine/events.ts';
import { withEngine } from '../connect.ts';
import type { CliIo } from '../io.ts';
import { write } from '../output.ts';
import { parseFilters } from '../parse/filters.ts';
import { collect } from '../parse/quantity.ts';
import { parseTime } from '../parse/time.ts';
import { compileTemplate } from '../template/template.ts';
import { formatRfc3339 } from '../units.ts';

interface EventsFlags {
  readonly filter: readonly string[];
  readonly format?: string;
  readonly since?: string;
  readonly until?: string;
}

export function addEventsCommand(program: Command, io: CliIo): void {
  const command = program
    .command('events')
    .description('show what happens in the engine, until Ctrl-C')
    .option('-f, --filter <name=value>', 'only those, such as type=container or event=die', collect, [])
    .option('--format <template>', "json, or a template such as '{{.Action}}'")
    .option('--since <time>', 'from then on: 10m, 1h30m, 2026-01-31T08:00:00Z or Unix seconds')
    .option('--until <time>', 'up to then, and end')
    .action((flags: EventsFlags) => {
      const now = new Date();
      const lineOf = formatterOf(flags.format);
      const options = {
        filters: parseFilters(flags.filter),
        signal: io.signal,
        ...(flags.since === undefined ? {} : { since: parseTime('--since', flags.since, now) }),
        ...(flags.until === undefined ? {} : { until: parseTime('--until', flags.until, now) }),
      };
      return withEngine(command, io, async (engine) => {
        for await (const event of engineEvents(engine, options)) await write(io.stdout, `${lineOf(event)}\n`);
      });
    });
}

function formatterOf(format: string | undefined): (event: EngineEvent) => string {
  if (format === undefined || format === '') return lineOf;
  if (format === 'json') return ({ raw }) => JSON.stringify(raw);
  const template = compileTemplate(format);
  return ({ raw }) => template(raw);
}

/** Docker: `time type action id (name=value, …)` (docker 28.2.2). */
function lineOf({ at, type, action, id, attributes }: EngineEvent): string {
  const pairs = Object.entries(attributes)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);
  const details = pairs.length === 0 ? '' : ` (${pairs.join(', ')})`;
  return `${formatRfc3339(at, 9)} ${type} ${action} ${id}${details}`;
}
