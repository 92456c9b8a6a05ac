/**
 * Links files into a layer instead of copying them: one inode for the store of contents and all layers that hold the same file.
 * An inode has one mode, owner, time and set of attributes, so all must be those that the file is to have.
 * See docs/decisions/0050-linked-files.md.
 */

import * as fs from 'node:fs';

import type { Digest } from '../../core/oci/digest.ts';
import { errorCode } from '../../local/error-code.ts';
import { lgetxattr, lutimens } from '../host/syscalls.ts';
import { LayerDirectory } from '../snapshots/layer-directory.ts';
import { FROM_CONTENTS, type LayerInode } from '../snapshots/layer-inodes.ts';
import type { LayerRoot } from '../snapshots/layer-root.ts';
import type { OpenDirectory } from '../snapshots/root-files.ts';
import type { ContentDonor, Donor, LayerDonor } from './hosted-tree.ts';

/** What an inode has besides its content. */
export interface FileAttributes {
  /** Permission bits, with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeNs: bigint;
  readonly xattrs?: ReadonlyMap<string, Uint8Array> | undefined;
}

/** `unlike`: its time kept it from being linked; so its copy should take the donor's place. */
export type LinkOutcome = 'linked' | 'unlike' | 'refused';

/** Regular files of one layer that is being written. */
export class FileLinker {
  readonly #layer: LayerRoot;
  readonly #isLargeEnough: boolean;
  /** Of the directory being filled: nobody compresses the files in it. */
  #isOfPackages = false;

  /** `nFiles` are copied at once. */
  constructor(layer: LayerRoot, nFiles: number) {
    this.#layer = layer;
    this.#isLargeEnough = nFiles >= layer.linksFrom;
  }

  /** Whether files of the directory may have other names elsewhere; asked once for all of them. */
  mayLinkInto(directory: OpenDirectory): boolean {
    if (!this.#isLargeEnough || !(directory instanceof LayerDirectory)) return false;
    this.#isOfPackages = PACKAGES.test(directory.realPath);
    if (CHECKS_LINK_COUNT.test(directory.realPath)) return false;
    // What is made in it would get the list; what is linked keeps its own.
    return lgetxattr(directory.ownPath(), 'system.posix_acl_default') === undefined;
  }

  /** Whether one of them may, by its name; once `mayLinkInto` said yes to its directory. */
  mayLinkAs(name: string): boolean {
    return !COMPRESSED.test(name) && (this.#isOfPackages || !COMPRESSIBLE.test(name));
  }

  /** Makes `target` a link to the donor when that is right and possible. @throws EEXIST when something is there */
  link(donor: Donor, target: string | Buffer, attributes: FileAttributes): LinkOutcome {
    const found = donor.kind === 'layer' ? layerInode(donor) : contentInode(donor);
    if (found === undefined || this.#layer.holds(found.inode, found.source.origin)) return 'refused';
    if (!haveSameXattrs(found.xattrs, attributes.xattrs)) return 'refused';
    if (!haveSameAttributes(found, attributes)) {
      if (!found.isFree) return found.mtimeNs === attributes.mtimeNs ? 'refused' : 'unlike';
      setAttributes(donor.path, attributes);
    }
    if (!tryLink(donor.path, target)) return 'refused';
    this.#layer.addFile(found.sizeBytes, found.inode, found.source);
    return 'linked';
  }

  /** A regular file was made by copying, and has its attributes. `digest` when it is known; `renews` puts the copy in its donor's place. */
  addCopy(
    target: string | Buffer,
    digest: Digest | undefined,
    renews: ((from: string | Buffer) => void) | undefined,
  ): void {
    const { size, ino } = fs.lstatSync(target);
    if (digest === undefined) return this.#layer.addFile(size);
    renews?.(target);
    const origin = renews === undefined ? this.#layer.number : FROM_CONTENTS;
    this.#layer.addFile(size, ino, { origin, digest });
  }
}

/** What is known of a donor's content. */
export function digestOfDonor(donor: Donor | undefined): Digest | undefined {
  return donor === undefined ? undefined : sourceOf(donor)?.digest;
}

/** Directories whose programs refuse files with several names: cron its tables ("NUMBER OF HARD LINKS > 1", Debian 12), others mailboxes, logs and queues. */
const CHECKS_LINK_COUNT = /^\/(?:etc|var\/(?:cron|log|mail|spool))(?:\/|$)/;

/**
 * Compressors leave a file alone that has several names, and fail: gzip 1.12 and bzip2 1.0.8 do, also with `-k`, xz without it ("a.js has 1 other link -- file ignored", exit code 2).
 * So what they unpack is never linked, nor what a Dockerfile has them pack: dumps, logs, manual pages, files that a web server sends.
 */
const COMPRESSED = /\.(?:gz|tgz|bz2|tbz2?|xz|txz|lzma|lz|z|br|zst)$/i;
const COMPRESSIBLE =
  /\.(?:\d[a-z]*|cjs|css|csv|dump|eot|htm|html|ico|js|json|log|map|mjs|otf|sql|svg|tar|tsv|ttf|wasm|webmanifest|xml)$/i;
/** Packages of JavaScript are as many as all the rest, and are served by nobody as they are. */
const PACKAGES = /\/node_modules(?:\/|$)/;

/** Too many links, another file system, a file or a file system that allows none: then it is copied. */
const CANNOT_LINK: ReadonlySet<unknown> = new Set([
  'EMLINK',
  'EXDEV',
  'EPERM',
  'EACCES',
  'ENOTSUP',
  'ENOSYS',
  'ENOENT',
]);

/** What there is to link to. */
interface FoundInode extends FileAttributes {
  readonly inode: number;
  readonly sizeBytes: number;
  readonly source: LayerInode;
  /** Nobody else has it: it may still become what is wanted. */
  readonly isFree: boolean;
}

/** Of a layer everything is known, because it never changes. */
function layerInode(donor: LayerDonor): FoundInode | undefined {
  const { entry, inode, hasOtherXattrs } = donor;
  const source = sourceOf(donor);
  if (source === undefined || hasOtherXattrs || !Number.isSafeInteger(inode)) return undefined;
  const { mode, uid, gid, mtimeNs, sizeBytes, xattrs } = entry;
  return { inode, mode, uid, gid, mtimeNs, sizeBytes, xattrs, source, isFree: false };
}

/** Contents have no extended attributes. */
function contentInode(donor: ContentDonor): FoundInode | undefined {
  const stats = fs.lstatSync(donor.path, { bigint: true, throwIfNoEntry: false });
  if (stats?.isFile() !== true || stats.ino > Number.MAX_SAFE_INTEGER) return undefined;
  return {
    inode: Number(stats.ino),
    mode: Number(stats.mode & 0o7777n),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    mtimeNs: stats.mtimeNs,
    sizeBytes: Number(stats.size),
    source: { origin: FROM_CONTENTS, digest: donor.digest },
    isFree: stats.nlink === 1n,
  };
}

/** Undefined when it cannot be told whose it is. */
function sourceOf(donor: Donor): LayerInode | undefined {
  if (donor.kind === 'content') return { origin: FROM_CONTENTS, digest: donor.digest };
  if (donor.known === 'lost') return undefined;
  return donor.known ?? { origin: donor.layer, digest: undefined };
}

function haveSameAttributes(found: FileAttributes, { mode, uid, gid, mtimeNs }: FileAttributes): boolean {
  return found.mode === mode && found.uid === uid && found.gid === gid && found.mtimeNs === mtimeNs;
}

/** Owner before mode: chown(2) takes setuid bits away. */
function setAttributes(path: string | Buffer, { mode, uid, gid, mtimeNs }: FileAttributes): void {
  fs.lchownSync(path, uid, gid);
  fs.chmodSync(path, mode);
  lutimens(path, mtimeNs);
}

function haveSameXattrs(a: FileAttributes['xattrs'], b: FileAttributes['xattrs']): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a.size !== b.size) return false;
  return [...a].every(([name, value]) => {
    const other = b.get(name);
    return other !== undefined && Buffer.from(value).equals(other);
  });
}

function tryLink(from: string | Buffer, to: string | Buffer): boolean {
  try {
    fs.linkSync(from, to);
    return true;
  } catch (error) {
    if (CANNOT_LINK.has(errorCode(error))) return false;
    throw error;
  }
}
