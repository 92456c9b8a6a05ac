/** COPY --link: the files of the linked copy over the step's root, as one layer lies over another. */

import { landSelection } from '../../../core/build/requests.ts';
import type { MergeOp } from '../../../core/build/ops.ts';
import { withoutDigests } from '../hosted-tree.ts';
import { placeFiles } from '../place-files.ts';
import type { StepContext } from './step-context.ts';

export async function executeMerge(op: MergeOp, context: StepContext): Promise<void> {
  const tree = await context.workspace.tree(context.resultOf(op.layer));
  const { landed } = await landSelection(withoutDigests(tree), { kind: 'tree', path: '' }, context.signal);
  // The root's own entry stays as it is.
  const files = landed.files.filter((file) => file.path !== '');
  const placement = {
    root: context.active.layer,
    destination: '/',
    landed: { ...landed, landing: 'inside' as const, files },
    replacesOthers: true,
  };
  await placeFiles({ ...placement, tree, signal: context.signal });
}
