/** Lists as docker's CLI prints them: a table, `--format json`, a template of one's own, or only the ids. */

import type { Command } from 'commander';

import type { CliIo } from './io.ts';
import { alignColumns, formatTable } from './table.ts';
import { compileTemplate } from './template/template.ts';
import { Row, sortedEntries, type TemplateFunction, toJson } from './template/value.ts';

/** One column that a template may name. */
export interface Field<Item> {
  /** Above the column in a table; '' for what no table shows. */
  readonly head: string;
  /** A text as a rule; a function is a method, such as `{{.Label "name"}}`. */
  readonly of: (row: Item) => unknown;
}

export interface Listing<Item> {
  readonly fields: Readonly<Record<string, Field<Item>>>;
  /** Names of the fields of the table that is printed without a format. */
  readonly columns: readonly string[];
  /** What `--quiet` prints of a row. */
  readonly idOf: (row: Item) => string;
}

export interface ListingFlags {
  readonly quiet?: boolean;
  readonly format?: string;
}

/** Declares --quiet and --format. */
export function addListingFlags(command: Command, quiet: string): Command {
  return addFormatFlag(command.option('-q, --quiet', quiet));
}

/** Declares --format alone. */
export function addFormatFlag(command: Command): Command {
  return command.option(
    '--format <template>',
    "table, json, or a template such as '{{.ID}}' or 'table {{.ID}}\\t{{.Size}}'",
  );
}

/** `{{.Label "name"}}`; empty for a label that is not there. */
export function labelField<Item>(of: (row: Item) => Readonly<Record<string, string>>): Field<Item> {
  return { head: '', of: (row) => (name: unknown) => of(row)[String(name)] ?? '' };
}

/** Prints the rows in the order given. @throws NaruError "invalid-argument" for a template that names what is not there */
export function printListing<Item>(
  io: CliIo,
  listing: Listing<Item>,
  rows: readonly Item[],
  flags: ListingFlags,
): void {
  io.stdout.write(formatListing(listing, rows, flags));
}

/** Each line ends with a newline; with a table, the first one is the head. */
export function formatListing<Item>(
  { fields, columns, idOf }: Listing<Item>,
  rows: readonly Item[],
  flags: ListingFlags,
): string {
  const format = flags.format ?? 'table';
  if (flags.quiet === true && (format === 'table' || format === ''))
    return rows.map((row) => `${idOf(row)}\n`).join('');
  const objects = rows.map((row) => objectOf(fields, row));
  if (format === 'json') return objects.map((object) => `${toJson(object)}\n`).join('');
  if (format === 'table' || format === '') {
    const cells = objects.map((object) => columns.map((name) => String(object[name])));
    return formatTable(
      columns.map((name) => fields[name]?.head ?? name),
      cells,
    );
  }
  // Docker: the word alone makes it one.
  const isTable = format.startsWith('table');
  const text = (isTable ? format.slice('table'.length).trim() : format)
    .replaceAll('\\t', '\t')
    .replaceAll('\\n', '\n');
  const template = compileTemplate(text);
  const lines = objects.map(template);
  if (!isTable) return lines.map((line) => `${line}\n`).join('');
  const heads = Object.fromEntries(Object.entries(fields).map(([name, { head }]) => [name, headOf(head)]));
  const head = compileTemplate(text, HEAD_FUNCTIONS)(heads);
  return alignColumns([head, ...lines].flatMap((line) => line.split('\n')).map((line) => line.split('\t')));
}

/** A row as a template sees it. */
export function objectOf<Item>(
  fields: Listing<Item>['fields'],
  row: Item,
): Readonly<Record<string, unknown>> {
  // All that a Row holds are its fields.
  return new Row(sortedEntries(fields).map(([name, field]) => [name, field.of(row)])) as Record<
    string,
    unknown
  >;
}

/** Docker heads a column of `{{.Label "com.example.my-role"}}` with `my role` (docker 28.2.2). */
function headOf(head: string): unknown {
  if (head !== '') return head;
  return (name: unknown) => String(name).split('.').at(-1)?.replaceAll(/[-_]/g, ' ');
}

/** What would change a value leaves the head as it is. */
const HEAD_FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>(
  ['json', 'title', 'lower', 'upper', 'truncate', 'split', 'join', 'pad', 'slice'].map((name) => [
    name,
    (value: unknown) => value,
  ]),
);
