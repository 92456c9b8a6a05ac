/**
 * `npm run mutants`: does a test turn red when the code is wrong?
 * Stryker mutates the folders or files of core that are named (`npm run mutants -- core/lint/shell core/build/plan.ts`), and leaves its report in reports/mutants.
 * `--again` judges only what survived in the last report, and files that changed since; `--without TEXT` leaves out test files whose path contains it, for code that nearly every test reaches.
 * `--hand` puts the hand-made faults of test/mutants/*.json in one by one, each with the test that must fail; `--only TEXT` keeps those whose name or file contains it, `--list` prints them.
 * Faults go into a copy of the tree in a temporary folder, never into the work tree.
 */

import { listHandMade, runHandMade } from './mutants/hand-made.ts';
import { judgeFolders } from './mutants/stryker.ts';

main(process.argv.slice(2));

function main(args: readonly string[]): void {
  const only = valueOf(args, '--only') ?? '';
  if (args.includes('--list')) listHandMade(only);
  else if (args.includes('--hand')) process.exitCode = runHandMade(only) ? 0 : 1;
  else {
    const without = valueOf(args, '--without');
    const places = args.filter((arg) => !arg.startsWith('--') && arg !== without);
    process.exitCode = judgeFolders(places, { onlyOpen: args.includes('--again'), without }) ? 0 : 1;
  }
}

function valueOf(args: readonly string[], flag: string): string | undefined {
  return args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined;
}
