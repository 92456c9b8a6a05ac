/** COPY and ADD: places what the plan selected, from contexts, heredocs, stages, images and downloads, and unpacks local archives of ADD. */

import { inResult, selectionError } from '../../../core/context/selection.ts';
import { NaruError } from '../../../core/errors.ts';
import { type LandedFile, madeDirectoryMode, withoutFiles } from '../../../core/build/landed-files.ts';
import type { CopyOp } from '../../../core/build/ops.ts';
import { type CopyPart, copyParts, landSelection, vertexSources } from '../../../core/build/requests.ts';
import { errorCode } from '../../../local/error-code.ts';
import { openRoot } from '../../host/resolve-in-root.ts';
import { mountedFiles, type RootFiles } from '../../snapshots/root-files.ts';
import { openArchiveFile } from '../decompress-archive.ts';
import { isHosted, withoutDigests } from '../hosted-tree.ts';
import type { Owner } from '../make-directories.ts';
import { placeFiles } from '../place-files.ts';
import { isArchive, unpackArchive } from '../unpack-archive.ts';
import { ownerIn } from '../user-in-root.ts';
import type { StepContext } from './step-context.ts';

/**
 * Answers whether the name of the only file that was copied did not reach the image.
 *
 * @throws NaruError in BuildKit's words for a missing source, a conflict at the destination, an unknown user
 */
export async function executeCopy(op: CopyOp, context: StepContext): Promise<boolean> {
  const { active, contexts, signal } = context;
  const read = await copyParts(op, { contexts, signal });
  if ('missingContext' in read) {
    const name = JSON.stringify(read.missingContext);
    throw new NaruError('invalid-argument', 'E_CONTEXT', `build context ${name} was not sent`);
  }
  const parts: readonly CopyPart[] = [...read.parts, ...(await vertexParts(op, context))];
  const archives = op.unpacks ? await archivesOf(parts) : new Set<LandedFile>();
  const owner = op.chown === undefined ? undefined : ownerIn(active.layer, op.chown);
  if (archives.size > 0) {
    await placeMounted(op, parts, archives, owner, context);
    return false;
  }
  let isExact = parts.flatMap(({ landed }) => landed.files).length === 1;
  for (const part of parts) {
    refuseFault(part);
    const landedExactly = await placePart(op, part, active.layer, owner, signal);
    if (!landedExactly) isExact = false;
  }
  return isExact;
}

/** The system's error names a descriptor of ours, which helps nobody. */
function tooLongName(error: unknown, { destination }: CopyOp): unknown {
  if (errorCode(error) !== 'ENAMETOOLONG') return error;
  const message = `lstat ${destination}: file name too long`;
  return new NaruError('invalid-argument', 'E_NAME_TOO_LONG', message, { cause: error });
}

/** What tar members say is written where the kernel keeps watch over them: through a mount, with all that the copy brings. */
async function placeMounted(
  op: CopyOp,
  parts: readonly CopyPart[],
  archives: ReadonlySet<LandedFile>,
  owner: Owner | undefined,
  { workspace, active, signal }: StepContext,
): Promise<void> {
  const path = await workspace.mount(active);
  const root = openRoot(path);
  try {
    for (const part of parts) {
      refuseFault(part);
      const { tree, landed } = part;
      const plain = withoutFiles(landed, archives);
      await placePart(op, { ...part, landed: plain }, mountedFiles(root), owner, signal);
      for (const archive of landed.files) {
        if (!archives.has(archive) || !isHosted(tree)) continue;
        const source = openArchiveFile(tree.hostPath(archive.source));
        await unpackArchive({ ...placeOf(op, owner), root: path, source, signal });
      }
    }
  } finally {
    root.close();
  }
}

function refuseFault({ faults: [fault] }: CopyPart): void {
  if (fault !== undefined) throw selectionError(inResult(fault));
}

async function vertexParts(op: CopyOp, context: StepContext): Promise<readonly CopyPart[]> {
  const parts: CopyPart[] = [];
  for (const { vertex, selection } of vertexSources(op)) {
    if (selection.kind === 'layer') continue;
    const tree = await context.workspace.tree(context.resultOf(vertex));
    parts.push({ tree, ...(await landSelection(withoutDigests(tree), selection, context.signal)) });
  }
  return parts;
}

/** Answers whether a file landed at the destination itself. */
async function placePart(
  op: CopyOp,
  { tree, landed, isInline }: CopyPart,
  root: RootFiles,
  owner: Owner | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  if (landed.files.length === 0 && landed.directory === undefined) return false;
  const directoryMode = madeDirectoryMode(op.chmod);
  // As Docker dates it; without a date it would be of 1970, which zip does not take.
  const date = isInline === true ? { timeNs: BigInt(Date.now()) * 1_000_000n } : {};
  try {
    return await placeFiles({ ...date, ...placeOf(op, owner), root, directoryMode, landed, tree, signal });
  } catch (error) {
    throw tooLongName(error, op);
  }
}

interface Place {
  readonly destination: string;
  readonly owner?: Owner;
  readonly timeNs?: bigint;
}

function placeOf(op: CopyOp, owner: Owner | undefined): Place {
  return {
    destination: op.destination,
    ...(owner === undefined ? {} : { owner }),
    ...(op.sourceDateEpoch === undefined ? {} : { timeNs: BigInt(op.sourceDateEpoch) * 1_000_000_000n }),
  };
}

/** Named files that are tar archives, compressed or not. */
async function archivesOf(parts: readonly CopyPart[]): Promise<ReadonlySet<LandedFile>> {
  const found = new Set<LandedFile>();
  for (const { tree, landed } of parts) {
    if (!isHosted(tree)) continue;
    for (const file of landed.files) {
      if (!file.isNamedFile || file.kind !== 'file') continue;
      if (await isArchive(tree.hostPath(file.source))) found.add(file);
    }
  }
  return found;
}
