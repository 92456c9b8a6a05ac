/** Which executor an op has. */

import { NaruError } from '../../../core/errors.ts';
import type { Op } from '../../../core/build/ops.ts';
import { executeCopy } from './copy.ts';
import { executeGit } from './git.ts';
import { executeHttp } from './http.ts';
import { executeMerge } from './merge.ts';
import { executeMkdir } from './mkdir.ts';
import { executeRun } from './run.ts';
import type { StepContext } from './step-context.ts';

/** Changes the step's active root. @throws NaruError as the executors do */
export async function executeOp(op: Op, context: StepContext): Promise<void> {
  switch (op.kind) {
    case 'run':
      return executeRun(op, context);
    case 'copy':
      return executeCopy(op, context);
    case 'mkdir':
      return executeMkdir(op, context);
    case 'merge':
      return executeMerge(op, context);
    case 'http':
      return executeHttp(op, context);
    case 'git':
      return executeGit(op, context);
    case 'image':
    case 'scratch':
    case 'stage':
    case 'metadata':
      throw new NaruError('internal', 'E_OP', `nothing to execute for ${op.kind}`);
  }
}
