/**
 * `npm test`: every test folder, one mocha process each, two side by side, with the counts and the time per folder.
 * What a folder prints appears when it has ended.
 * `npm test -- unit api` runs some; `--full` adds what needs longer (the budget is in docs/testing.md).
 * Prints `N passed, N failed, N skipped` last; exit code 1 if a folder failed, or if nothing ran.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

import { leftovers, newLeftovers } from './leftovers.ts';
import { prepare } from './prepare.ts';

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface FolderResult extends Counts {
  readonly folder: string;
  readonly seconds: number;
}

/** Takes as long as all the others, so it begins first, and they pass beside it. */
const LONGEST = 'system';
/** Cheap and pure first, so that a broken build is seen early; the workbench last, when it has the machine to itself. */
const OTHERS = [
  'tidy',
  'unit',
  'golden',
  'fuzz',
  'oracle',
  'lsp',
  'api',
  'clients',
  'conformance',
  'hosts',
  'e2e',
] as const;
/** More would only wait for the same disk. */
const N_LANES = Math.min(2, availableParallelism());

await main();

async function main(): Promise<void> {
  const all: readonly string[] = [LONGEST, ...OTHERS];
  const wanted = process.argv.slice(2).filter((arg) => arg !== '--full');
  const isFull = process.argv.includes('--full');
  if (wanted.some((arg) => !all.includes(arg))) {
    console.log(`usage: npm test -- [--full] [folder …]\nfolders: ${all.join(' ')}`);
    process.exit(wanted.includes('--help') ? 0 : 2);
  }
  const folders = all.filter((folder) => wanted.length === 0 || wanted.includes(folder));
  const before = leftovers();
  prepare(folders);
  const startedAt = performance.now();
  const results = await runFolders(folders, isFull);
  const seconds = (performance.now() - startedAt) / 1000;
  report(results, seconds, await newLeftovers(before));
}

/** @returns results in the order of `folders` */
async function runFolders(folders: readonly string[], isFull: boolean): Promise<readonly FolderResult[]> {
  const results = new Map<string, FolderResult>();
  const todo = [...folders];
  const lane = async (): Promise<void> => {
    for (let folder = todo.shift(); folder !== undefined; folder = todo.shift()) {
      console.log(`test/${folder} …`);
      results.set(folder, await runFolder(folder, isFull));
    }
  };
  await Promise.all(Array.from({ length: N_LANES }, lane));
  return folders.flatMap((folder) => results.get(folder) ?? []);
}

async function runFolder(folder: string, isFull: boolean): Promise<FolderResult> {
  const scratch = mkdtempSync(join(tmpdir(), 'naru-test-'));
  const output = join(scratch, 'result.json');
  const startedAt = performance.now();
  const child = spawn(
    'mocha',
    ['--recursive', '--reporter', './test/support/reporter.cjs', '--exit', `test/${folder}/**/*.test.ts`],
    {
      stdio: ['inherit', 'pipe', 'pipe'],
      env: { ...process.env, NARU_TEST_OUTPUT: output, ...(isFull ? { NARU_TEST_FULL: '1' } : {}) },
    },
  );
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => printed.push(part));
  const [status] = (await once(child, 'close')) as [number | null];
  process.stdout.write(`\n== test/${folder}\n${Buffer.concat(printed).toString()}`);
  const seconds = (performance.now() - startedAt) / 1000;
  const counts = readCounts(output, status);
  rmSync(scratch, { recursive: true, force: true });
  return { folder, seconds, ...counts };
}

/** A run that died before it could write its counts is one failure, never a pass. */
function readCounts(path: string, status: number | null): Counts {
  if (!existsSync(path)) return { passed: 0, failed: 1, skipped: 0 };
  const counts = JSON.parse(readFileSync(path, 'utf8')) as Counts; // written by test/support/reporter.cjs
  return status === 0 || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

function report(results: readonly FolderResult[], seconds: number, left: readonly string[]): void {
  console.log('\nfolder        passed  failed skipped  seconds');
  for (const result of results) {
    const cells = [result.passed, result.failed, result.skipped].map((count) => String(count).padStart(7));
    console.log(`${result.folder.padEnd(12)} ${cells.join(' ')} ${result.seconds.toFixed(1).padStart(8)}`);
  }
  for (const item of left) console.error(`left behind: ${item}`);
  const sum = (pick: (result: FolderResult) => number): number =>
    results.reduce((total, result) => total + pick(result), 0);
  const passed = sum((result) => result.passed);
  const failed = sum((result) => result.failed) + left.length;
  console.log(`total ${seconds.toFixed(0)} s, two folders at a time`);
  console.log(`${passed} passed, ${failed} failed, ${sum((result) => result.skipped)} skipped`);
  process.exit(failed > 0 || passed === 0 ? 1 : 0);
}
