/**
 * Reports of Stryker: what is open in one, two of them put together, and their figures.
 * The score counts mutants that were judged: those of code that runs at load time are left out (`ignoreStatic`).
 *
 * @see https://github.com/stryker-mutator/mutation-testing-elements/tree/master/packages/report-schema
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface MutantReport {
  readonly files: Readonly<Record<string, FileReport>>;
}

interface FileReport {
  readonly source: string;
  readonly mutants: readonly MutantResult[];
}

interface MutantResult {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

/** 1-based. */
interface Position {
  readonly line: number;
  readonly column: number;
}

export function readReport(path: string): MutantReport {
  return JSON.parse(readFileSync(path, 'utf8')) as MutantReport; // written by Stryker or by us
}

/** What to mutate again, as patterns of Stryker's `mutate`: places of what was not killed, whole files where the source changed. */
export function openRanges(report: MutantReport, root: string): readonly string[] {
  return Object.entries(report.files).flatMap(([file, { source, mutants }]) => {
    const path = join(root, file);
    if (!existsSync(path)) return [];
    if (readFileSync(path, 'utf8') !== source) return [file];
    const ranges = mutants
      .filter(isOpen)
      .map(
        ({ location: { start, end } }) => `${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`,
      );
    return [...new Set(ranges)].map((range) => `${file}:${range}`);
  });
}

/** `fresh` wins; of files with another source only it counts. */
export function mergedReport(before: MutantReport, fresh: MutantReport): MutantReport {
  const files = Object.entries({ ...before.files, ...fresh.files }).map(([file, newest]) => {
    const older = before.files[file];
    if (older === undefined || older.source !== newest.source) return [file, newest] as const;
    const judged = new Map(newest.mutants.map((mutant) => [identity(mutant), mutant]));
    const mutants = older.mutants.map((mutant) => judged.get(identity(mutant)) ?? mutant);
    return [file, { ...newest, mutants }] as const;
  });
  return { ...fresh, files: Object.fromEntries(files) };
}

/** `81.2 % of 1234 mutants (…)`. */
export function scoreLine(report: MutantReport): string {
  const all = Object.values(report.files).flatMap(({ mutants }) => mutants);
  const count = (...statuses: readonly string[]): number =>
    all.filter(({ status }) => statuses.includes(status)).length;
  const nKilled = count('Killed', 'Timeout');
  const nJudged = nKilled + count('Survived', 'NoCoverage');
  const score = ((100 * nKilled) / Math.max(1, nJudged)).toFixed(1);
  const told = `${count('Timeout')} of the killed ran too long, ${count('NoCoverage')} are reached by no test, ${count('Ignored')} run at load time`;
  return `${score} % of ${nJudged} mutants killed (${told})`;
}

/** `file:line:column: written -> mutated`, one line each, after a line per file with its score. */
export function survivorLines(report: MutantReport): readonly string[] {
  return Object.entries(report.files).flatMap(([file, fileReport]) => {
    const open = fileReport.mutants.filter(isOpen);
    const lines = open.map((mutant) => {
      const { start } = mutant.location;
      const change = `${oneLine(textAt(fileReport.source, mutant))} -> ${oneLine(mutant.replacement ?? '')}`;
      const note = mutant.status === 'NoCoverage' ? ' (no test reaches it)' : '';
      return `  ${file}:${start.line}:${start.column}: ${change}${note}`;
    });
    return [`${file}: ${scoreLine({ files: { [file]: fileReport } })}`, ...lines];
  });
}

function isOpen({ status }: MutantResult): boolean {
  return status === 'Survived' || status === 'NoCoverage';
}

function identity({ location: { start, end }, mutatorName, replacement }: MutantResult): string {
  return JSON.stringify([start.line, start.column, end.line, end.column, mutatorName, replacement]);
}

function textAt(source: string, { location: { start, end } }: MutantResult): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  return lines
    .map((line, at) => line.slice(at === 0 ? start.column - 1 : 0, at === last ? end.column - 1 : undefined))
    .join(' ');
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 100 ? `${line.slice(0, 97)}...` : line;
}
