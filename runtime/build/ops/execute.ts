/** Which executor an op has. */

import { NaruError } from '../../../core/errors.ts';
import type { Op } from '../../../core/build/ops.ts';
import type { Execution } from '../../../core/build/record.ts';
import { executeCopy } from './copy.ts';
import { executeGit } from './git.ts';
import { executeHttp } from './http.ts';
import { executeMerge } from './merge.ts';
import { executeMkdir } from './mkdir.ts';
import { executeRun } from './run.ts';
import type { StepContext } from './step-context.ts';

/** Changes the step's active root. Answers what a record says of it beyond the result. @throws NaruError as the executors do */
export async function executeOp(op: Op, context: StepContext): Promise<Pick<Execution, 'landedExactly'>> {
  switch (op.kind) {
    case 'copy':
      return { landedExactly: await executeCopy(op, context) };
    case 'run':
      await executeRun(op, context);
      return {};
    case 'mkdir':
      await executeMkdir(op, context);
      return {};
    case 'merge':
      await executeMerge(op, context);
      return {};
    case 'http':
      await executeHttp(op, context);
      return {};
    case 'git':
      await executeGit(op, context);
      return {};
    case 'image':
    case 'scratch':
    case 'stage':
    case 'metadata':
      throw new NaruError('internal', 'E_OP', `nothing to execute for ${op.kind}`);
  }
}
