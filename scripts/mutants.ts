/**
 * `npm run mutants`: does a test turn red when the code is wrong?
 * Stryker mutates core, or the folders and files of core that are named (`npm run mutants -- core/lint/shell`); with `--hand` the hand-made faults of test/mutants/*.json are put in one by one, each with the test that must fail.
 * `--only TEXT` keeps the faults whose name or file contains it; `--list` prints them. Faults go into a copy of the tree in a temporary folder, never into the work tree.
 */

import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
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

main(process.argv.slice(2));

function main(args: readonly string[]): void {
  if (!args.includes('--hand') && !args.includes('--list')) {
    process.exitCode = runStryker(args);
    return;
  }
  const only = args.includes('--only') ? (args[args.indexOf('--only') + 1] ?? '') : '';
  const mutants = readMutants().filter(({ name, file }) => name.includes(only) || file.includes(only));
  if (args.includes('--list')) {
    for (const { name, file, test } of mutants) console.log(`${file}: ${name}\n    ${test.join(' ')}`);
    return;
  }
  const copy = copyTree();
  try {
    const nBad = runAll(copy, mutants);
    console.log(`${mutants.length - nBad} of ${mutants.length} faults turned a test red`);
    process.exitCode = nBad > 0 || mutants.length === 0 ? 1 : 0;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Stryker works in a copy too; its report of every mutant is left in reports/. Answers its exit code. */
function runStryker(folders: readonly string[]): number {
  const copy = copyTree();
  try {
    const patterns = folders.map((folder) => (folder.endsWith('.ts') ? folder : `${folder}/**/*.ts`));
    const mutate = patterns.length === 0 ? [] : ['--mutate', patterns.join(',')];
    const { status } = spawnSync('stryker', ['run', ...mutate], { cwd: copy, stdio: 'inherit' });
    if (existsSync(join(copy, 'reports')))
      cpSync(join(copy, 'reports'), join(ROOT, 'reports'), { recursive: true });
    return status ?? 1;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function readMutants(): readonly Mutant[] {
  const folder = join(ROOT, 'test/mutants');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Mutant[]); // our own files; a wrong one does not apply
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

/** The tracked files as they are now, changes included, with the installed packages of the work tree. */
function copyTree(): string {
  const copy = mkdtempSync(join(tmpdir(), 'naru-mutants-'));
  const { stdout, status } = spawnSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    {
      cwd: ROOT,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  if (status !== 0)
    throw new Error('the faults are tried in a copy of what git tracks; this is no git checkout');
  for (const name of stdout.split('\0')) {
    if (name === '' || !existsSync(join(ROOT, name))) continue;
    mkdirSync(dirname(join(copy, name)), { recursive: true });
    cpSync(join(ROOT, name), join(copy, name));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}
