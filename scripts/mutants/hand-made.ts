/** The hand-made faults of test/mutants/*.json: each is put into a copy of the tree, and its test must fail. */

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { inTreeCopy, ROOT } from './tree-copy.ts';

const MAX_TEST_MS = 4 * 60_000;

/** One fault: where `from` stands in `file`, exactly once, `to` is written, and `test` must fail. */
interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly test: readonly string[];
}

type Verdict = 'killed' | 'SURVIVED' | 'TEST IS RED WITHOUT IT' | 'DOES NOT APPLY';

/** Prints the faults whose name or file contains `only`. */
export function listHandMade(only: string): void {
  for (const { name, file, test } of readMutants(only))
    console.log(`${file}: ${name}\n    ${test.join(' ')}`);
}

/** Tries the faults whose name or file contains `only`, and prints a line for each. True when every one turned its test red. */
export function runHandMade(only: string): boolean {
  const mutants = readMutants(only);
  const nBad = inTreeCopy((copy) => runAll(copy, mutants));
  console.log(`${mutants.length - nBad} of ${mutants.length} faults turned a test red`);
  return nBad === 0 && mutants.length > 0;
}

function readMutants(only: string): readonly Mutant[] {
  const folder = join(ROOT, 'test/mutants');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Mutant[]) // our own files; a wrong one does not apply
    .filter(({ name, file }) => name.includes(only) || file.includes(only));
}

/** Answers how many did not do what they must. */
function runAll(copy: string, mutants: readonly Mutant[]): number {
  const isGreen = new Map<string, boolean>();
  let nBad = 0;
  for (const mutant of mutants) {
    const command = mutant.test.join(' ');
    if (!isGreen.has(command)) isGreen.set(command, passes(copy, mutant.test));
    const verdict = isGreen.get(command) === true ? tryOut(copy, mutant) : 'TEST IS RED WITHOUT IT';
    if (verdict !== 'killed') nBad += 1;
    console.log(`${verdict.padEnd(9)} ${mutant.file}: ${mutant.name}`);
  }
  return nBad;
}

function tryOut(copy: string, { file, from, to, test }: Mutant): Verdict {
  const path = join(copy, file);
  if (!existsSync(path)) return 'DOES NOT APPLY';
  const text = readFileSync(path, 'utf8');
  if (text.split(from).length !== 2) return 'DOES NOT APPLY';
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
  try {
    return passes(copy, test) ? 'SURVIVED' : 'killed';
  } finally {
    writeFileSync(path, text);
  }
}

/** The tests run from source; only the demo and the editor's tests build bundles of their own. */
function passes(copy: string, test: readonly string[]): boolean {
  const [command = '', ...args] = test;
  // A faulty engine may leave a test with open handles; mocha would wait for them for ever.
  const { status } = spawnSync(command, command === 'mocha' ? ['--exit', ...args] : args, {
    cwd: copy,
    stdio: process.env['NARU_MUTANTS_VERBOSE'] === undefined ? 'ignore' : 'inherit',
    timeout: MAX_TEST_MS,
  });
  return status === 0;
}
