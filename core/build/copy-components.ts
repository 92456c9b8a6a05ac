/** What COPY and ADD can be seen to do: the files that land, with the mode and owner they land with, and where. */

import {
  fileComponents,
  lastValue,
  type LandedFiles,
  landingKind,
  madeDirectoryMode,
} from './landed-files.ts';
import type { CopyOp } from './ops.ts';
import type { RawComponent } from './raw-component.ts';

/** `landed` is what comes from build contexts and heredocs; files of other vertices enter the key as sources. */
export function copyComponents(op: CopyOp, landed: LandedFiles | undefined): readonly RawComponent[] {
  const parts: RawComponent[] = [{ kind: 'destination', name: 'path', value: op.destination }];
  if (op.chown !== undefined) parts.push({ kind: 'flag', name: 'chown', value: normalizeOwner(op.chown) });
  const hasOtherSources = op.from.kind === 'vertex' || op.sources.some((source) => source.kind === 'vertex');
  if (hasOtherSources || op.unpacks) {
    parts.push({ kind: 'flag', name: 'chmod', value: normalizeMode(op.chmod ?? '') });
    parts.push({ kind: 'flag', name: 'directory', value: String(op.isDestinationDirectory) });
  }
  if (op.unpacks) parts.push({ kind: 'flag', name: 'unpack', value: 'true' });
  if (op.sourceDateEpoch !== undefined) {
    parts.push({ kind: 'option', name: 'SOURCE_DATE_EPOCH', value: String(op.sourceDateEpoch) });
  }
  if (landed === undefined) return parts;
  // Whether files land at the destination or below it; for "open" the root's files decide, which its key stands for.
  parts.push({ kind: 'flag', name: 'landing', value: landingValue(op, landed) });
  const files = fileComponents('', landed);
  return [...parts, ...(op.unpacks ? namedFiles(files, landed) : files)];
}

/** An archive is unpacked when a source names it, and lands as it is when it lies in a folder. `files` are the components of `landed`, in its order. */
export function namedFiles(files: readonly RawComponent[], landed: LandedFiles): readonly RawComponent[] {
  return files.map((file, at) =>
    landed.files[at]?.isNamedFile === true ? { ...file, value: `${file.value} named` } : file,
  );
}

function landingValue(op: CopyOp, landed: LandedFiles): string {
  const { landing } = landed;
  const mode = madeDirectoryMode(op.chmod).toString(8);
  return `${landing} ${landingKind(landed)} ${mode} ${lastValue(landed)}`;
}

/** `0755` is `755`. */
function normalizeMode(chmod: string): string {
  return chmod.replace(/^0+(?=[0-7]+$)/, '');
}

/** `0`, `0:0` and `root:root` as numbers where they are numbers. */
function normalizeOwner(owner: string): string {
  return owner
    .split(':')
    .map((part) => (/^\d+$/.test(part) ? String(Number(part)) : part))
    .join(':');
}
