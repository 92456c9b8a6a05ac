/** A copy of the tree to put faults into. */

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

/** Calls `use` with the path of a copy: what git tracks as it is now, changes included, with the installed packages of the work tree. The copy is removed afterwards. */
export function inTreeCopy<T>(use: (copy: string) => T): T {
  const copy = mkdtempSync(join(tmpdir(), 'naru-mutants-'));
  try {
    for (const name of trackedFiles()) {
      if (name === '' || !existsSync(join(ROOT, name))) continue;
      mkdirSync(dirname(join(copy, name)), { recursive: true });
      cpSync(join(ROOT, name), join(copy, name));
    }
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    return use(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function trackedFiles(): readonly string[] {
  const argv = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { stdout, status } = spawnSync('git', argv, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0)
    throw new Error('the faults are tried in a copy of what git tracks; this is no git checkout');
  return stdout.split('\0');
}
