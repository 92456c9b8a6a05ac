/** COPY --link: the files of the linked copy over the step's root, as one layer lies over another. */

import * as fs from 'node:fs';

import type { LandedFile } from '../../../core/build/landed-files.ts';
import { landSelection } from '../../../core/build/requests.ts';
import type { MergeOp } from '../../../core/build/ops.ts';
import { openRoot, type ResolvedPath, resolveDirectoryInRoot } from '../../host/resolve-in-root.ts';
import { withoutDigests } from '../hosted-tree.ts';
import { placeFiles } from '../place-files.ts';
import type { StepContext } from './step-context.ts';

export async function executeMerge(op: MergeOp, context: StepContext): Promise<void> {
  const tree = await context.workspace.tree(context.resultOf(op.layer));
  const { landed } = await landSelection(withoutDigests(tree), { kind: 'tree', path: '' }, context.signal);
  // The root's own entry stays as it is.
  const files = landed.files.filter((file) => file.path !== '');
  makeWay(context.active.path, files);
  const placement = {
    root: context.active.path,
    destination: '/',
    landed: { ...landed, landing: 'inside' as const, files },
  };
  await placeFiles({ ...placement, tree, signal: context.signal });
}

/** What is no directory takes the place of one, and the reverse; links of the root are replaced and not followed. */
function makeWay(rootPath: string, files: readonly LandedFile[]): void {
  const root = openRoot(rootPath);
  try {
    for (const file of files) removeOther(root, file);
  } finally {
    root.close();
  }
}

/** Parents come before what is in them, so none of them is a link any more. */
function removeOther(root: ResolvedPath, { path, kind }: LandedFile): void {
  const slash = path.lastIndexOf('/');
  const parent = openParent(root, path.slice(0, Math.max(slash, 0)));
  if (parent === undefined) return;
  try {
    const target = `${parent.path}/${path.slice(slash + 1)}`;
    const existing = fs.lstatSync(target, { throwIfNoEntry: false });
    if (existing !== undefined && existing.isDirectory() !== (kind === 'dir')) {
      fs.rmSync(target, { recursive: true });
    }
  } finally {
    parent.close();
  }
}

function openParent(root: ResolvedPath, path: string): ResolvedPath | undefined {
  try {
    return resolveDirectoryInRoot(root, `/${path}`, 'in-root');
  } catch {
    return undefined; // it is not there yet
  }
}
