/**
 * Files as they land in an image: what `selectCopy` chose, with the mode and owner that `--chmod` and `--chown` give them.
 * The builder writes exactly this, and keys are made of it, so that both see the same.
 */

import { parseChmod } from '../context/chmod.ts';
import type { FileEntry, FileKind, FileTree } from '../context/file-tree.ts';
import type { SelectedEntry, Selection as SelectedFiles } from '../context/selected.ts';
import type { Digest } from '../oci/digest.ts';

import type { RawComponent } from './raw-component.ts';

export interface LandedFile {
  /** Relative to the destination, '' for the destination itself. */
  readonly path: string;
  /** In the context or source stage. */
  readonly source: string;
  readonly kind: FileKind;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly mtimeNs: bigint;
  /** Of regular files; a file that vanished while it was read has none. */
  readonly digest?: Digest;
  readonly linkTarget?: string;
  readonly device?: { readonly major: number; readonly minor: number };
  readonly xattrs?: ReadonlyMap<string, Uint8Array>;
  /** Named by a source itself: ADD unpacks it when it is an archive. */
  readonly isNamedFile: boolean;
  /** As in FileEntry. */
  readonly inode?: string;
  /** Of the others: which of the source directories it comes from. Its hard links stay hard links within that one. */
  readonly nthDirectory?: number;
}

export interface LandedFiles {
  readonly landing: SelectedFiles['landing'];
  /** The file that is at the destination in the end when it is no directory and several were named. */
  readonly lastNamed?: string;
  /** As in Selection. */
  readonly isFileFirst?: boolean;
  /** A directory was a source: the destination is made even when nothing is in it, and gets its time, unless that is the root of a tree. */
  readonly directory?: { readonly mtimeNs?: bigint };
  /** Sorted by path. */
  readonly files: readonly LandedFile[];
}

export interface LandingRules {
  /** Files of build contexts belong to 0:0; those of stages and images keep their owner. */
  readonly keepsOwner: boolean;
  /** `--chown` in numbers. Names stay out here and enter the key as text. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  readonly chmod?: string;
}

/** Reads the digests of the selected files and applies the rules. */
export async function landFiles(
  tree: FileTree,
  selected: SelectedFiles,
  rules: LandingRules,
  signal?: AbortSignal,
): Promise<LandedFiles> {
  const regular = selected.entries.filter(({ entry }) => entry.kind === 'file');
  const digests = await tree.digests(
    regular.map(({ entry }) => entry.path),
    signal,
  );
  const digestOfPath = new Map(regular.map(({ entry }, at) => [entry.path, digests[at]]));
  const files = selected.entries.map((item) => landFile(item, digestOfPath.get(item.entry.path), rules));
  const { landing, lastNamed, isFileFirst, directory } = selected;
  return {
    landing,
    ...(lastNamed === undefined ? {} : { lastNamed }),
    ...(isFileFirst === undefined ? {} : { isFileFirst }),
    ...(directory === undefined
      ? {}
      : { directory: directory.path === '' ? {} : { mtimeNs: directory.mtimeNs } }),
    files,
  };
}

/** `1000`, `1000:1000` in numbers; undefined for names. A missing group is the user's number, as in BuildKit. */
export function numericOwner(chown: string | undefined): { uid: number; gid: number } | undefined {
  const match = /^(\d+)(?::(\d+))?$/.exec(chown ?? '');
  if (match === null) return undefined;
  return { uid: Number(match[1]), gid: Number(match[2] ?? match[1]) };
}

/**
 * Mode of directories that are made on the way to the destination: an octal `--chmod` counts for them too, a symbolic one does not.
 * Docker: what dockerd's umask of 022 takes away is missing, so that 777 makes 755 (28.5.2, measured).
 */
export function madeDirectoryMode(chmod: string | undefined): number {
  return chmod !== undefined && /^[0-7]+$/.test(chmod) ? Number.parseInt(chmod, 8) & 0o755 : 0o755;
}

/** The same where the destination is no directory: there a file that is copied alone loses its name. Undefined when names count in any case. */
export function exactLanding(landed: LandedFiles): LandedFiles | undefined {
  const [file, ...others] = landed.files;
  if (landed.landing !== 'open' || file === undefined || others.length > 0) return undefined;
  return { ...landed, landing: 'exact', files: [{ ...file, path: '' }] };
}

/** Those that are there in the end: where all of them land at the destination itself, the last that was named. */
export function lastingFiles(
  { files, lastNamed }: LandedFiles,
  isAtDestination: boolean,
): readonly LandedFile[] {
  if (!isAtDestination || lastNamed === undefined) return files;
  return files.filter(({ path }) => path === lastNamed);
}

/** The rest, with the last of its named files in the end where the last of all is gone. */
export function withoutFiles(landed: LandedFiles, gone: ReadonlySet<LandedFile>): LandedFiles {
  const files = landed.files.filter((file) => !gone.has(file));
  const { lastNamed, ...rest } = landed;
  if (lastNamed === undefined || files.some(({ path }) => path === lastNamed)) return { ...landed, files };
  // Sources that are archives are taken one by one: these are of one pattern, in the order of their names.
  const last = files.findLast(({ isNamedFile }) => isNamedFile)?.path;
  return { ...rest, files, ...(last === undefined ? {} : { lastNamed: last }) };
}

/** For keys: what makes the destination a directory, and whether a file would be in the way of that. */
export function landingKind({ directory, isFileFirst }: LandedFiles): string {
  if (directory === undefined) return 'files';
  return isFileFirst === true ? 'directory-after-file' : 'directory';
}

/** For keys: which file is there in the end. Results of the time when the one whose name sorts last was left have other keys. */
export function lastValue({ lastNamed }: LandedFiles): string {
  return lastNamed === undefined ? '' : `last ${lastNamed}`;
}

/** One component per file, in order; times are not in it. `path` of a component is the file's path in its source. */
export function fileComponents(prefix: string, landed: LandedFiles): readonly RawComponent[] {
  return landed.files.map((file) => ({
    kind: 'file',
    name: prefix === '' ? file.path : `${prefix}/${file.path}`,
    value: fileValue(file),
    path: file.source,
  }));
}

/** `kind mode uid:gid size content [xattr=…]`, blanks between; `explain` reads the first four back. */
function fileValue(file: LandedFile): string {
  const mode = file.kind === 'symlink' ? '-' : file.mode.toString(8).padStart(4, '0');
  const fields = [file.kind, mode, `${file.uid}:${file.gid}`, String(file.sizeBytes), contentOfFile(file)];
  const xattrs = [...(file.xattrs ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, value] of xattrs)
    fields.push(`${plainName(name)}=${Buffer.from(value).toString('base64')}`);
  return fields.join(' ');
}

/** Names of attributes may hold anything: where that could be read as something else it is quoted. */
function plainName(name: string): string {
  return /[\s="]/.test(name) ? JSON.stringify(name) : name;
}

function contentOfFile(file: LandedFile): string {
  if (file.digest !== undefined) return file.digest;
  if (file.linkTarget !== undefined) return JSON.stringify(file.linkTarget);
  if (file.device !== undefined) return `${file.device.major}:${file.device.minor}`;
  return '-';
}

function landFile(item: SelectedEntry, digest: Digest | undefined, rules: LandingRules): LandedFile {
  const { entry } = item;
  return {
    path: item.destination,
    source: entry.path,
    kind: entry.kind,
    mode: modeOf(entry, rules),
    ...ownerOf(entry, rules),
    sizeBytes: entry.sizeBytes,
    mtimeNs: entry.mtimeNs,
    ...(digest === undefined ? {} : { digest }),
    ...(entry.linkTarget === undefined ? {} : { linkTarget: entry.linkTarget }),
    ...(entry.device === undefined ? {} : { device: entry.device }),
    ...(entry.xattrs === undefined ? {} : { xattrs: entry.xattrs }),
    isNamedFile: item.isNamedFile,
    ...(entry.inode === undefined ? {} : { inode: entry.inode }),
    ...(item.nthDirectory === undefined ? {} : { nthDirectory: item.nthDirectory }),
  };
}

/** Symlinks have no mode of their own. */
function modeOf(entry: FileEntry, { chmod }: LandingRules): number {
  if (entry.kind === 'symlink') return 0o777;
  return parseChmod(chmod ?? '')?.(entry.mode, entry.kind === 'dir') ?? entry.mode;
}

function ownerOf(entry: FileEntry, rules: LandingRules): { uid: number; gid: number } {
  if (rules.owner !== undefined) return rules.owner;
  return rules.keepsOwner ? { uid: entry.uid, gid: entry.gid } : { uid: 0, gid: 0 };
}
