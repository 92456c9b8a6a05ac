/** WORKDIR: makes the directory and what is missing above it, owned by the stage's user. */

import type { MkdirOp } from '../../../core/build/ops.ts';
import { makeDirectoriesIn } from '../make-directories.ts';
import { ownerIn } from '../user-in-root.ts';
import type { StepContext } from './step-context.ts';

/** @throws NaruError "invalid-argument" when the user is not known in the root */
export async function executeMkdir(op: MkdirOp, { active }: StepContext): Promise<void> {
  // A number alone is the group as well, unlike for RUN (BuildKit 28.5.2, measured).
  const owner = op.user === '' ? { uid: 0, gid: 0 } : ownerIn(active.layer, op.user);
  const timeNs = op.sourceDateEpoch === undefined ? undefined : BigInt(op.sourceDateEpoch) * 1_000_000_000n;
  makeDirectoriesIn(active.layer, op.path, { owner, timeNs });
}
