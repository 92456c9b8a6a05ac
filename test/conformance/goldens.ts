/** BuildKit's recorded answers: one JSON file per table, each with the digest of the case it answers. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { digestOf } from '../../core/oci/digest.ts';
import type { ConformanceCase, Outcome } from './conformance-case.ts';

export interface Golden {
  /** Of the case when it was recorded. */
  readonly asked: string;
  readonly outcome: Outcome;
}

/** By case name; empty when the table was never recorded. */
export function readGoldens(table: string): ReadonlyMap<string, Golden> {
  const path = goldenPath(table);
  if (!existsSync(path)) return new Map();
  // Written by writeGoldens, reviewed as a diff.
  const goldens = JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, Golden>>;
  return new Map(Object.entries(goldens));
}

export function writeGoldens(table: string, goldens: ReadonlyMap<string, Golden>): void {
  const lines = [...goldens]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, golden]) => `${JSON.stringify(name)}: ${JSON.stringify(golden)}`);
  writeFileSync(goldenPath(table), `{\n${lines.join(',\n')}\n}\n`);
}

/** What a golden is an answer to. */
export function askedOf(one: ConformanceCase): string {
  return digestOf(JSON.stringify(one)).slice(7, 19);
}

function goldenPath(table: string): string {
  return join(import.meta.dirname, 'goldens', `${table}.json`);
}
