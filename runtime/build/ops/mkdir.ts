/** WORKDIR: makes the directory and what is missing above it, owned by the stage's user. */

import type { MkdirOp } from '../../../core/build/ops.ts';
import { openRoot } from '../../host/resolve-in-root.ts';
import { makeDirectories } from '../make-directories.ts';
import { ownerInRoot } from '../user-in-root.ts';
import type { StepContext } from './step-context.ts';

/** @throws NaruError "invalid-argument" when the user is not known in the root */
export async function executeMkdir(op: MkdirOp, { active }: StepContext): Promise<void> {
  // A number alone is the group as well, unlike for RUN (BuildKit 28.5.2, measured).
  const owner = op.user === '' ? { uid: 0, gid: 0 } : ownerInRoot(active.path, op.user);
  const root = openRoot(active.path);
  try {
    const timeNs = op.sourceDateEpoch === undefined ? undefined : BigInt(op.sourceDateEpoch) * 1_000_000_000n;
    makeDirectories(root, op.path, { owner, timeNs });
  } finally {
    root.close();
  }
}
