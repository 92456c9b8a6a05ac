/**
 * How Dockerfiles are read: every node with the text and the place of each of its parts, comments, directives, and what is wrong, with its hint.
 * `structures/NAME.Dockerfile` beside `structures/NAME.structure`; refusals.txt holds the problems of all files that BuildKit refuses.
 * `NARU_GOLDENS=write` rewrites the results.
 */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import type { Problem } from '../../../core/source.ts';
import { REFUSED_FILES } from './refused-files.ts';

const FOLDER = join(import.meta.dirname, 'structures');

describe('the structure of Dockerfiles', () => {
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.Dockerfile'))) {
    it(file.replace('.Dockerfile', ''), () => {
      const text = readFileSync(join(FOLDER, file), 'utf8');
      checkGolden(join(FOLDER, file.replace('.Dockerfile', '.structure')), structureText(text));
    });
  }

  it('of files that BuildKit refuses: what is wrong with each', () => {
    const told = REFUSED_FILES.map(([name, text]) => {
      const { value, problems } = readDockerfile(text);
      return [name, ...problems.map((problem) => `  ${problemText(problem, value.text)}`)].join('\n');
    });
    checkGolden(join(FOLDER, 'refusals.txt'), `${told.join('\n')}\n`);
  });
});

function checkGolden(path: string, text: string): void {
  if (process.env['NARU_GOLDENS'] === 'write') writeFileSync(path, text);
  assert.equal(text, readFileSync(path, 'utf8'));
}

function structureText(text: string): string {
  const { value, problems } = readDockerfile(text);
  const { stages: _, lines: __, text: ___, preamble, instructions, ...rest } = value;
  return [
    ...problems.map((problem) => problemText(problem, text)),
    `preamble of ${preamble.length} instructions`,
    ...value.stages.map(
      ({ index, name, from, instructions: own }) =>
        `stage ${index} ${name ?? '-'}: FROM in line ${from.line + 1} and ${own.length} instructions`,
    ),
    ...nodeLines(rest, text, ''),
    ...instructions.flatMap((instruction) => ['', ...nodeLines(instruction, text, '')]),
    '',
  ].join('\n');
}

function problemText({ severity, code, message, hint, span }: Problem, text: string): string {
  const note = hint === undefined ? '' : ` (${hint})`;
  return `${severity} ${code} at ${placed(span.start, span.end, text)}: ${message}${note}`;
}

/** One line per value; a span is its place and its text. */
function nodeLines(node: object, text: string, indent: string): readonly string[] {
  return Object.entries(node).flatMap(([name, value]: [string, unknown]) => {
    if (value === undefined || typeof value === 'function') return [];
    if (typeof value !== 'object' || value === null) return [`${indent}${name}: ${JSON.stringify(value)}`];
    if (isSpan(value)) return [`${indent}${name}: ${placed(value.start, value.end, text)}`];
    if (Array.isArray(value) && value.length === 0) return [];
    return [`${indent}${name}:`, ...nodeLines(value, text, `${indent}  `)];
  });
}

function isSpan(value: object): value is { readonly start: number; readonly end: number } {
  return Object.keys(value).sort().join() === 'end,start';
}

function placed(start: number, end: number, text: string): string {
  const shown = JSON.stringify(text.slice(start, end));
  return `${start}-${end} ${shown.length > 60 ? `${shown.slice(0, 40)}…${shown.slice(-15)}` : shown}`;
}
