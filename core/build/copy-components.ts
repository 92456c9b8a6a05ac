/** What COPY and ADD can be seen to do: the files that land, with the mode and owner they land with, and where. */

import type { FileKind } from '../context/file-tree.ts';
import type { Digest } from '../oci/digest.ts';

import type { RawComponent } from './cache-key.ts';
import type { CopyOp } from './ops.ts';

/** One file as it lands: mode and owner after `--chmod` and `--chown`. */
export interface LandedFile {
  /** Relative to the destination, '' for the destination itself. */
  readonly path: string;
  /** In the context or source stage. */
  readonly source: string;
  readonly kind: FileKind;
  readonly mode: number;
  /** Negative: a name given by `--chown`, which the root's /etc/passwd decides. */
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly mtimeNs: bigint;
  /** Of regular files. */
  readonly digest?: Digest;
  readonly linkTarget?: string;
  readonly device?: { readonly major: number; readonly minor: number };
  readonly xattrs?: ReadonlyMap<string, Uint8Array>;
}

/** `files` are those of build contexts and heredocs, in landing order; files of other vertices enter the key as sources. */
export function copyComponents(op: CopyOp, files: readonly LandedFile[]): readonly RawComponent[] {
  const parts: RawComponent[] = [{ kind: 'destination', name: 'path', value: op.destination }];
  if (op.chown !== undefined) parts.push({ kind: 'flag', name: 'chown', value: normalizeOwner(op.chown) });
  if (op.from.kind === 'vertex' || op.sources.some((source) => source.kind === 'vertex')) {
    parts.push({ kind: 'flag', name: 'chmod', value: op.chmod ?? '' });
    parts.push({ kind: 'flag', name: 'directory', value: String(op.isDestinationDirectory) });
  }
  if (op.unpacks) {
    parts.push({ kind: 'flag', name: 'unpack', value: 'true' });
    parts.push({ kind: 'flag', name: 'chmod', value: op.chmod ?? '' });
  }
  if (op.sourceDateEpoch !== undefined) {
    parts.push({ kind: 'option', name: 'SOURCE_DATE_EPOCH', value: String(op.sourceDateEpoch) });
  }
  const name = shownName(op, files);
  if (name !== undefined) parts.push({ kind: 'source', name: 'name', value: name });
  return [...parts, ...landedComponents('', files)];
}

/** A file without a slash behind the destination lands below it when that is a directory: its name then shows. */
export function shownName(op: CopyOp, files: readonly LandedFile[]): string | undefined {
  const [first] = files;
  if (op.isDestinationDirectory || first === undefined || first.kind === 'dir') return undefined;
  return first.source.slice(first.source.lastIndexOf('/') + 1);
}

/** One component per file, in the order given; times are not in it. */
export function landedComponents(prefix: string, files: readonly LandedFile[]): readonly RawComponent[] {
  return files.map((file) => ({
    kind: 'file',
    name: prefix === '' ? file.path : `${prefix}/${file.path}`,
    value: landedValue(file),
    path: file.source,
  }));
}

/** `kind mode uid:gid size content`, the fields `explain` reads back. */
function landedValue(file: LandedFile): string {
  const mode = file.kind === 'symlink' ? '-' : file.mode.toString(8).padStart(4, '0');
  const fields = [file.kind, mode, `${file.uid}:${file.gid}`, String(file.sizeBytes), landedContent(file)];
  const xattrs = [...(file.xattrs ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, value] of xattrs) fields.push(`${name}=${Buffer.from(value).toString('base64')}`);
  return fields.join(' ');
}

function landedContent(file: LandedFile): string {
  if (file.digest !== undefined) return file.digest;
  if (file.linkTarget !== undefined) return JSON.stringify(file.linkTarget);
  if (file.device !== undefined) return `${file.device.major}:${file.device.minor}`;
  return '-';
}

/** `0`, `0:0` and `root:root` as numbers where they are numbers; a missing group is the user's. */
function normalizeOwner(owner: string): string {
  const [user = '', group] = owner.split(':');
  const parts = [user, group ?? ''].map((part) => (/^\d+$/.test(part) ? String(Number(part)) : part));
  return parts.join(':');
}
