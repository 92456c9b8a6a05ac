/**
 * `npm test`: every test folder, one mocha process each, with the counts and the time per folder.
 * `npm test -- unit api` runs some; `--full` adds what needs longer (the budget is in docs/testing.md).
 * Prints `N passed, N failed, N skipped` last; exit code 1 if a folder failed, or if nothing ran.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
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

/** In this order: cheap and pure first, so that a broken build is seen early. */
const FOLDERS = [
  'tidy',
  'unit',
  'golden',
  'fuzz',
  'oracle',
  'lsp',
  'cli',
  'api',
  'system',
  'clients',
  'conformance',
  'hosts',
  'e2e',
] as const;

await main();

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const isFull = args.includes('--full');
  const wanted = args.filter((arg) => !arg.startsWith('--'));
  const folders = FOLDERS.filter(
    (folder) => existsSync(`test/${folder}`) && (wanted.length === 0 || wanted.includes(folder)),
  );
  const before = leftovers();
  prepare(folders);
  const results = folders.map((folder) => runFolder(folder, isFull));
  const left = await newLeftovers(before);
  report(results, left);
}

function runFolder(folder: string, isFull: boolean): FolderResult {
  console.log(`\n== test/${folder}`);
  const scratch = mkdtempSync(join(tmpdir(), 'naru-test-'));
  const output = join(scratch, 'result.json');
  const startedAt = performance.now();
  const { status } = spawnSync(
    'mocha',
    ['--recursive', '--reporter', './test/support/reporter.cjs', '--exit', `test/${folder}/**/*.test.ts`],
    {
      stdio: 'inherit',
      env: { ...process.env, NARU_TEST_OUTPUT: output, ...(isFull ? { NARU_TEST_FULL: '1' } : {}) },
    },
  );
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

function report(results: readonly FolderResult[], left: readonly string[]): void {
  console.log('\nfolder        passed  failed skipped  seconds');
  for (const { folder, passed, failed, skipped, seconds } of results) {
    const cells = [passed, failed, skipped].map((count) => String(count).padStart(7)).join(' ');
    console.log(`${folder.padEnd(12)} ${cells} ${seconds.toFixed(1).padStart(8)}`);
  }
  for (const item of left) console.error(`left behind: ${item}`);
  const sum = (pick: (result: FolderResult) => number): number =>
    results.reduce((total, result) => total + pick(result), 0);
  const passed = sum((result) => result.passed);
  const failed = sum((result) => result.failed) + left.length;
  console.log(`total ${sum((result) => result.seconds).toFixed(0)} s`);
  console.log(`${passed} passed, ${failed} failed, ${sum((result) => result.skipped)} skipped`);
  process.exit(failed > 0 || passed === 0 ? 1 : 0);
}
