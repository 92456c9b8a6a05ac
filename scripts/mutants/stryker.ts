/**
 * Stryker over folders of core, one after the other.
 * Each folder is judged by the tests that are about it, not by all that reach it: the linter's tests read Dockerfiles too, and would take hours.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import {
  type MutantReport,
  mergedReport,
  openRanges,
  readReport,
  scoreLine,
  survivorLines,
} from './report.ts';
import { inTreeCopy, ROOT } from './tree-copy.ts';

/** Folders and files of tests by folder of core. */
const TESTS: Readonly<Record<string, readonly string[]>> = {
  build: [
    'test/unit/{build,preview}',
    'test/unit/runtime/context-memory.test.ts',
    'test/golden/plan',
    'test/fuzz/build',
  ],
  context: ['test/unit/context', 'test/golden/{context,plan}'],
  dockerfile: [
    'test/unit/dockerfile',
    'test/golden/{dockerfile,plan}',
    'test/unit/lint/buildkit-options.test.ts',
  ],
  lint: ['test/unit/lint', 'test/golden/lint'],
  oci: ['test/unit/oci'],
  preview: ['test/unit/preview', 'test/fuzz/build'],
  tar: ['test/unit/tar'],
};

const REPORTS = join(ROOT, 'reports/mutants');

export interface JudgeOptions {
  /** Only what survived before. */
  readonly onlyOpen: boolean;
  /** Test files with this in their path are left out. */
  readonly without: string | undefined;
}

/** Judges folders (`core/build`) and files (globs too). Prints each score and leaves report and survivors in reports/mutants. True unless a run failed. */
export function judgeFolders(places: readonly string[], options: JudgeOptions): boolean {
  mkdirSync(REPORTS, { recursive: true });
  const wanted = places.length > 0 ? places : Object.keys(TESTS).map((folder) => `core/${folder}`);
  return wanted.map((place) => judge(place, options)).every(Boolean);
}

function judge(place: string, { onlyOpen, without }: JudgeOptions): boolean {
  const name = nameOf(place);
  const path = join(REPORTS, `${name}.json`);
  const before = onlyOpen && existsSync(path) ? readReport(path) : undefined;
  const whole = place.endsWith('.ts') ? [place] : [`${place}/**/*.ts`];
  const mutate = before === undefined ? whole : openRanges(before, ROOT);
  if (mutate.length === 0) {
    console.log(`${place}: nothing is open`);
    return true;
  }
  const fresh = inTreeCopy((copy) => runStryker(copy, place, mutate, without));
  if (fresh === undefined) return false;
  const report = before === undefined ? fresh : mergedReport(before, fresh);
  writeFileSync(path, JSON.stringify(report));
  writeFileSync(join(REPORTS, `${name}.survivors.txt`), `${survivorLines(report).join('\n')}\n`);
  console.log(`${place}: ${scoreLine(report)}`);
  return true;
}

/** Undefined when it did not come to an end. */
function runStryker(
  copy: string,
  place: string,
  mutate: readonly string[],
  without: string | undefined,
): MutantReport | undefined {
  const folder = place.split('/')[1] ?? '';
  const config = join(copy, 'stryker.config.json');
  const options = JSON.parse(readFileSync(config, 'utf8')) as Record<string, unknown>; // our own file
  const patterns = (TESTS[folder] ?? []).map((tests) =>
    tests.endsWith('.ts') ? tests : `${tests}/**/*.test.ts`,
  );
  const mochaFiles = globSync(patterns, { cwd: copy }).filter(
    (file) => without === undefined || !file.includes(without),
  );
  const survivorsFile = join(REPORTS, `${nameOf(place)}.so-far.txt`);
  writeFileSync(config, JSON.stringify({ ...options, mutate, mochaFiles, survivorsFile }));
  const { status } = spawnSync('stryker', ['run', basename(config)], {
    cwd: copy,
    stdio: 'inherit',
    env: { ...process.env, NARU_FUZZ_RUNS: '15' },
  });
  return status === 0 ? readReport(join(copy, 'reports/mutants.json')) : undefined;
}

/** Of a place's files in reports/mutants. */
function nameOf(place: string): string {
  return place.replace(/\/$/, '').replace(/[^\w.]+/g, '-');
}
