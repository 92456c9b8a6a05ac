/**
 * Dockerfiles of public repositories, in a folder that is no part of this repository: `NARU_CORPUS`.
 * What BuildKit reads in them is recorded here: names of stages, keywords and lines, never a file's text.
 */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Reading } from './reading.ts';

export interface RecordedReading extends Reading {
  /** First twelve digits of the file's SHA-256. */
  readonly sha256: string;
}

/** Undefined where there is none. */
export function corpusFolder(): string | undefined {
  const folder = process.env['NARU_CORPUS'];
  return folder !== undefined && existsSync(folder) ? folder : undefined;
}

/** Sorted. */
export function corpusFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /dockerfile/i.test(name))
    .sort();
}

export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** By name of the file. */
export function readRecorded(): ReadonlyMap<string, RecordedReading> {
  const readings = JSON.parse(readFileSync(RECORDED, 'utf8')) as Readonly<Record<string, RecordedReading>>; // written below only
  return new Map(Object.entries(readings));
}

export function writeRecorded(readings: ReadonlyMap<string, RecordedReading>): void {
  const lines = [...readings]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, reading]) => `${JSON.stringify(name)}: ${JSON.stringify(reading)}`);
  writeFileSync(RECORDED, `{\n${lines.join(',\n')}\n}\n`);
}

const RECORDED = join(import.meta.dirname, 'goldens/readings.json');
