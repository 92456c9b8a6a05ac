/** COPY and ADD: places what the plan selected, from contexts, heredocs, stages, images and downloads, and unpacks local archives of ADD. */

import type { FileTree } from '../../../core/context/file-tree.ts';
import { type SelectionFault, selectionError } from '../../../core/context/selection.ts';
import { NaruError } from '../../../core/errors.ts';
import { type LandedFile, type LandedFiles, madeDirectoryMode } from '../../../core/build/landed-files.ts';
import type { CopyOp } from '../../../core/build/ops.ts';
import { type CopyPart, copyParts, landSelection, vertexSources } from '../../../core/build/requests.ts';
import { openArchiveFile } from '../decompress-archive.ts';
import { isHosted, withoutDigests } from '../hosted-tree.ts';
import type { Owner } from '../make-directories.ts';
import { placeFiles } from '../place-files.ts';
import { isArchive, unpackArchive } from '../unpack-archive.ts';
import { ownerInRoot } from '../user-in-root.ts';
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
  const owner = op.chown === undefined ? undefined : ownerInRoot(active.path, op.chown);
  let isExact = parts.flatMap(({ landed }) => landed.files).length === 1;
  for (const part of parts) {
    const [fault] = part.faults;
    if (fault !== undefined) throw missingInStage(fault);
    const landedExactly = await placePart(op, part, owner, context).catch((error: unknown) => {
      throw tooLongName(error, op);
    });
    if (!landedExactly) isExact = false;
  }
  return isExact;
}

/** The system's error names a descriptor of ours, which helps nobody. */
function tooLongName(error: unknown, { destination }: CopyOp): unknown {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENAMETOOLONG')) return error;
  const message = `lstat ${destination}: file name too long`;
  return new NaruError('invalid-argument', 'E_NAME_TOO_LONG', message, { cause: error });
}

/** Docker: what a stage lacks is noticed when it is copied, and told in the system's words. */
function missingInStage(fault: SelectionFault): NaruError {
  const path = fault.kind === 'missing' ? /^"(.*)": not found$/.exec(fault.message)?.[1] : undefined;
  return selectionError(
    path === undefined ? fault : { ...fault, message: `lstat ${path}: no such file or directory` },
  );
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
  { tree, landed }: CopyPart,
  owner: Owner | undefined,
  { active, signal }: StepContext,
): Promise<boolean> {
  const archives = op.unpacks ? await archivesOf(tree, landed) : [];
  const slash = op.isDestinationDirectory && op.destination !== '/' ? '/' : '';
  const place = {
    root: active.path,
    destination: op.destination + slash,
    ...(owner === undefined ? {} : { owner }),
    ...(op.sourceDateEpoch === undefined ? {} : { timeNs: BigInt(op.sourceDateEpoch) * 1_000_000_000n }),
    directoryMode: madeDirectoryMode(op.chmod),
    signal,
  };
  const files = landed.files.filter((file) => !archives.includes(file));
  let isExact = false;
  if (files.length > 0 || landed.directory !== undefined) {
    isExact = await placeFiles({ ...place, destination: op.destination, landed: { ...landed, files }, tree });
  }
  for (const archive of archives) {
    if (isHosted(tree))
      await unpackArchive({
        ...place,
        destination: op.destination,
        source: openArchiveFile(tree.hostPath(archive.source)),
      });
  }
  return isExact;
}

/** Named files that are tar archives, compressed or not. */
async function archivesOf(tree: FileTree, landed: LandedFiles): Promise<readonly LandedFile[]> {
  if (!isHosted(tree)) return [];
  const found: LandedFile[] = [];
  for (const file of landed.files) {
    if (file.isNamedFile && file.kind === 'file' && (await isArchive(tree.hostPath(file.source))))
      found.push(file);
  }
  return found;
}
