/**
 * Writes landed files into a mounted root, by fsutil's rules (github.com/tonistiigi/fsutil/copy):
 * missing parents are made with 0755, a file replaces a file or link, never a directory, and times are those of the source.
 * The destination is resolved inside the root, below it no symlink is followed.
 */

import * as fs from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

import type { LandedFile, LandedFiles } from '../../core/build/landed-files.ts';
import type { FileTree } from '../../core/context/file-tree.ts';
import { NaruError } from '../../core/errors.ts';
import {
  openRoot,
  type ResolvedPath,
  resolveDirectoryInRoot,
  resolveLinkInRoot,
} from '../host/resolve-in-root.ts';
import { copyFileRange, lsetxattr, lutimens, mknod, reflink } from '../host/syscalls.ts';
import { isHosted } from './hosted-tree.ts';
import { makeDirectories, type Owner } from './make-directories.ts';

export interface Placement {
  /** Mounted root directory. */
  readonly root: string;
  /** Absolute in the root. */
  readonly destination: string;
  readonly landed: LandedFiles;
  readonly tree: FileTree;
  /** `--chown`, resolved: for every file and for directories that are made on the way. */
  readonly owner?: Owner;
  /** Of directories that are made on the way; default 0755. */
  readonly directoryMode?: number;
  /** Times are set to it instead of the source's. */
  readonly timeNs?: bigint;
  readonly signal?: AbortSignal;
}

/** Of the engine's process. */
const UMASK = process.umask();

/** Files between two turns of the event loop. */
const CHUNK = 200;

/**
 * Answers whether a file landed at the destination itself, so that its own name did not reach the root.
 *
 * @throws NaruError "invalid-argument" E_COPY_CONFLICT in BuildKit's words, "cancelled" on abort
 */
export async function placeFiles(placement: Placement): Promise<boolean> {
  const root = openRoot(placement.root);
  try {
    const base = placeBase(root, placement);
    await new Placer(root, base, placement).placeAll();
    return base.name !== undefined;
  } finally {
    root.close();
  }
}

/** The directory files land in, and the name of a file that lands at the destination itself. */
interface Base {
  readonly directory: string;
  readonly name: string | undefined;
}

function placeBase(root: ResolvedPath, placement: Placement): Base {
  const { landed, owner, timeNs, directoryMode: mode } = placement;
  const isInside = landed.landing === 'inside';
  const destination = isInside ? placement.destination : followLinks(root, placement.destination);
  const isBelow = isInside || (landed.landing === 'open' && isDirectory(root, destination));
  const slash = destination.lastIndexOf('/');
  const directory = isBelow ? destination : destination.slice(0, slash);
  try {
    makeDirectories(root, directory, { owner: owner ?? { uid: 0, gid: 0 }, timeNs, mode });
  } catch (error) {
    // Docker: a directory that is copied onto a file is met by the copy itself.
    if (landed.landing !== 'inside' || !(error instanceof NaruError) || !error.message.startsWith('mkdir'))
      throw error;
    const isFile = landed.files.every((file) => file.isNamedFile);
    if (isFile) throw error;
    throw new NaruError(
      'invalid-argument',
      'E_COPY_CONFLICT',
      `cannot copy to non-directory: ${followLinks(root, directory)}`,
      {
        cause: error,
      },
    );
  }
  return { directory, name: isBelow ? undefined : destination.slice(slash + 1) };
}

/** A destination that is a link stands for what it points to, even when nothing is there yet. */
function followLinks(root: ResolvedPath, destination: string): string {
  let at = destination;
  for (let n = 0; n < MAX_LINKS; n += 1) {
    const target = linkAt(root, at);
    if (target === undefined) return at;
    at = target.startsWith('/') ? target : `${at.slice(0, at.lastIndexOf('/'))}/${target}`;
  }
  throw new NaruError('invalid-argument', 'E_COPY_CONFLICT', 'too many links');
}

const MAX_LINKS = 40;

function linkAt(root: ResolvedPath, path: string): string | undefined {
  try {
    const found = resolveLinkInRoot(root, path, 'in-root');
    try {
      return fs.readlinkSync(fs.readlinkSync(found.path));
    } finally {
      found.close();
    }
  } catch {
    return undefined;
  }
}

function isDirectory(root: ResolvedPath, path: string): boolean {
  try {
    resolveDirectoryInRoot(root, path, 'in-root').close();
    return true;
  } catch {
    return false;
  }
}

class Placer {
  readonly #placement: Placement;
  readonly #root: ResolvedPath;
  readonly #base: Base;
  /** Directories whose times are set when everything is in them, outermost first. */
  readonly #directories: LandedFile[] = [];
  /** What the file systems can do, found out at the first file. */
  #canShare = true;
  #canCopyInKernel = true;
  /** The directory being filled is setgid. */
  #handsGroupDown = false;

  constructor(root: ResolvedPath, base: Base, placement: Placement) {
    this.#root = root;
    this.#base = base;
    this.#placement = placement;
  }

  async placeAll(): Promise<void> {
    const { landed, signal, timeNs } = this.#placement;
    let opened: { readonly path: string; readonly directory: ResolvedPath } | undefined;
    try {
      for (const [at, file] of landed.files.entries()) {
        if (at % CHUNK === CHUNK - 1) await nextTurn();
        if (signal?.aborted === true)
          throw new NaruError('cancelled', 'E_CANCELLED', 'the build was cancelled');
        // The destination itself keeps its own mode and owner.
        if (file.path === '' && file.kind === 'dir') continue;
        const path = this.#base.name ?? file.path;
        const parent = parentOf(path);
        if (opened?.path !== parent) {
          opened?.directory.close();
          opened = { path: parent, directory: this.#open(parent) };
          this.#handsGroupDown = (fs.statSync(`${opened.directory.path}/.`).mode & 0o2000) !== 0;
        }
        await this.#place(
          `${opened.directory.path}/${path.slice(parent === '' ? 0 : parent.length + 1)}`,
          file,
        );
      }
    } finally {
      opened?.directory.close();
    }
    for (const directory of this.#directories.toReversed()) {
      this.#stampDirectory(directory.path, this.#timeOf(directory));
    }
    // The destination keeps its mode and owner, but gets the time of the source directory (BuildKit 28.5.2, measured).
    const destinationNs = timeNs ?? landed.directory?.mtimeNs;
    if (landed.directory !== undefined && destinationNs !== undefined)
      this.#stampDirectory('', destinationNs);
  }

  #open(path: string): ResolvedPath {
    return resolveDirectoryInRoot(this.#root, `${this.#base.directory}/${path}`, 'in-root');
  }

  async #place(target: string, file: LandedFile): Promise<void> {
    const existing = fs.lstatSync(target, { throwIfNoEntry: false });
    if (file.kind === 'dir') {
      if (existing !== undefined && !existing.isDirectory())
        throw conflict(`cannot copy to non-directory: ${this.#shown(file)}`);
      if (existing === undefined) fs.mkdirSync(target);
      this.#own(target, file);
      this.#directories.push(file);
      return;
    }
    if (existing?.isDirectory() === true)
      throw conflict(`cannot replace to directory ${this.#shown(file)} with file`);
    if (existing !== undefined) fs.unlinkSync(target);
    if (file.kind === 'socket') return;
    if (file.kind === 'symlink') fs.symlinkSync(file.linkTarget ?? '', target);
    else if (file.kind === 'file') await this.#write(target, file);
    else mknod(target, modeType(file) | 0o600, file.device?.major ?? 0, file.device?.minor ?? 0);
    this.#own(target, file);
    lutimens(target, this.#timeOf(file));
  }

  #shown(file: LandedFile): string {
    return `${this.#base.directory.replace(/\/$/, '')}/${this.#base.name ?? file.path}`;
  }

  async #write(target: string, file: LandedFile): Promise<void> {
    const { tree } = this.#placement;
    if (isHosted(tree)) {
      this.#copy(tree.hostPath(file.source), target, file);
      return;
    }
    const bytes = await tree.read(file.source, Number.MAX_SAFE_INTEGER);
    if (bytes === undefined)
      throw new NaruError('not-found', 'E_FILE_VANISHED', `${JSON.stringify(`/${file.source}`)}: not found`);
    fs.writeFileSync(target, bytes, { flag: 'wx', mode: file.mode });
  }

  /** By reference where the file system can, else in the kernel where it may, else through a buffer. */
  #copy(from: string | Buffer, to: string, { mode, sizeBytes }: LandedFile): void {
    const source = fs.openSync(from, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW);
    const target = fs.openSync(to, 'wx', mode);
    try {
      if (sizeBytes === 0) return;
      if (this.#canShare) this.#canShare = reflink(source, target);
      if (this.#canShare) return;
      if (this.#canCopyInKernel) this.#canCopyInKernel = copyInKernel(source, target, sizeBytes);
      if (!this.#canCopyInKernel) copyThroughBuffer(source, target, sizeBytes);
    } finally {
      fs.closeSync(source);
      fs.closeSync(target);
    }
  }

  /** Owner before mode: chown(2) takes setuid bits away. What is new belongs to root, unless its directory hands its group down. */
  #own(target: string, file: LandedFile): void {
    const { uid, gid } = this.#placement.owner ?? file;
    if (uid !== 0 || gid !== 0 || this.#handsGroupDown || file.kind === 'dir')
      fs.lchownSync(target, uid, gid);
    const hasMode = file.kind === 'file' && (file.mode & (UMASK | 0o7000)) === 0;
    if (file.kind !== 'symlink' && !hasMode) fs.chmodSync(target, file.mode);
    for (const [name, value] of file.xattrs ?? []) lsetxattr(target, name, value);
  }

  #timeOf(file: LandedFile): bigint {
    return this.#placement.timeNs ?? file.mtimeNs;
  }

  #stampDirectory(path: string, timeNs: bigint): void {
    const directory = this.#open(path);
    lutimens(`${directory.path}/.`, timeNs);
    directory.close();
  }
}

/** False, with nothing copied, where the kernel refuses: between two overlay mounts (EXDEV), for instance. */
function copyInKernel(source: number, target: number, sizeBytes: number): boolean {
  let left = sizeBytes;
  try {
    while (left > 0) {
      const copied = copyFileRange(source, target, left);
      if (copied === 0) return true;
      left -= copied;
    }
    return true;
  } catch (error) {
    if (left === sizeBytes && error instanceof Error && 'code' in error) {
      if (error.code === 'EXDEV' || error.code === 'EINVAL') return false;
    }
    throw error;
  }
}

function copyThroughBuffer(source: number, target: number, sizeBytes: number): void {
  const buffer = Buffer.allocUnsafe(Math.min(sizeBytes, 1024 * 1024));
  for (let nRead = fs.readSync(source, buffer); nRead > 0; nRead = fs.readSync(source, buffer)) {
    for (let at = 0; at < nRead; ) at += fs.writeSync(target, buffer, at, nRead - at);
  }
}

function conflict(message: string): NaruError {
  return new NaruError('invalid-argument', 'E_COPY_CONFLICT', message);
}

function modeType(file: LandedFile): number {
  if (file.kind === 'char-device') return fs.constants.S_IFCHR;
  return file.kind === 'block-device' ? fs.constants.S_IFBLK : fs.constants.S_IFIFO;
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}
