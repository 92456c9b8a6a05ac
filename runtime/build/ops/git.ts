/** ADD of a git repository: its files at one commit, without history unless `--keep-git-dir` asks for it. */

import * as fs from 'node:fs/promises';
import { join } from 'node:path';

import type { GitOp } from '../../../core/build/ops.ts';
import { checkOutGit } from '../git-checkout.ts';
import type { StepContext } from './step-context.ts';

/** @throws NaruError "unavailable" when the repository cannot be read, "not-found" for an unknown ref or directory */
export async function executeGit(op: GitOp, { active, parts, signal }: StepContext): Promise<void> {
  const folder = await fs.mkdtemp(join(parts.dataDir, 'git-'));
  try {
    const files = await checkOutGit(op, folder, signal);
    for (const name of await fs.readdir(files)) {
      const options = { recursive: true, verbatimSymlinks: true, preserveTimestamps: true } as const;
      await fs.cp(join(files, name), join(active.path, name), options);
    }
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}
