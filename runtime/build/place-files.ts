/**
 * Writes landed files into a root, by fsutil's rules (github.com/tonistiigi/fsutil/copy):
 * missing parents are made with 0755, a file replaces a file or link, never a directory, and times are those of the source.
 * The destination is resolved inside the root, below it no symlink is followed.
 */

import * as fs from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { lastingFiles, type LandedFile } from '../../core/build/landed-files.ts';
import { NaruError } from '../../core/errors.ts';
import { errorCode } from '../../local/error-code.ts';
import { openRoot } from '../host/resolve-in-root.ts';
import { lsetxattr, lutimens, mknod } from '../host/syscalls.ts';
import { LayerRoot } from '../snapshots/layer-root.ts';
import { systemPath } from '../snapshots/overlay-files.ts';
import { mountedFiles, type NameKind, type OpenDirectory, type RootFiles } from '../snapshots/root-files.ts';
import { FileCopier } from './copy-file.ts';
import { isHosted } from './hosted-tree.ts';
import { HardLinks } from './hard-links.ts';
import { digestOfDonor, FileLinker, type FileAttributes, type LinkOutcome } from './link-file.ts';
import { type PlaceBase, type Placement, placeBase } from './place-base.ts';

/** Files between two turns of the event loop. */
const CHUNK = 200;

/**
 * Answers whether a file landed at the destination itself, so that its own name did not reach the root.
 *
 * @throws NaruError "invalid-argument" E_COPY_CONFLICT in BuildKit's words, "cancelled" on abort
 */
export async function placeFiles(placement: Placement): Promise<boolean> {
  const base = placeBase(placement);
  await new Placer(base, placement).placeAll();
  return base.name !== undefined;
}

/** As `placeFiles`, in a directory on the host: a mounted root, or one that is mounted into containers. */
export async function placeInMounted(
  directory: string,
  placement: Omit<Placement, 'root'>,
): Promise<boolean> {
  const root = openRoot(directory);
  try {
    return await placeFiles({ ...placement, root: mountedFiles(root) });
  } finally {
    root.close();
  }
}

class Placer {
  readonly #placement: Placement;
  readonly #root: RootFiles;
  readonly #base: PlaceBase;
  readonly #copier = new FileCopier();
  readonly #linker: FileLinker | undefined;
  readonly #hardLinks: HardLinks | undefined;
  /** Of the engine's process, which never changes it; asking for it sets it for a moment. */
  readonly #umask = process.umask();
  /** Directories whose times are set when everything is in them, outermost first. */
  readonly #directories: LandedFile[] = [];
  /** Of the directory being filled: it is setgid; files may be linked into it. */
  #handsGroupDown = false;
  #mayLink = false;

  constructor(base: PlaceBase, placement: Placement) {
    this.#root = placement.root;
    this.#base = base;
    this.#placement = placement;
    if (!(placement.root instanceof LayerRoot)) return;
    this.#linker = new FileLinker(placement.root, placement.landed.files.length);
    this.#hardLinks = new HardLinks();
  }

  async placeAll(): Promise<void> {
    const { landed, signal, timeNs } = this.#placement;
    let opened: { readonly path: string; readonly directory: OpenDirectory } | undefined;
    try {
      for (const [at, file] of lastingFiles(landed, this.#base.name !== undefined).entries()) {
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
          this.#handsGroupDown = (fs.statSync(opened.directory.ownPath()).mode & 0o2000) !== 0;
          this.#mayLink = this.#linker?.mayLinkInto(opened.directory) === true;
        }
        await this.#place(opened.directory, path.slice(parent === '' ? 0 : parent.length + 1), file);
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

  #open(path: string): OpenDirectory {
    return this.#root.openDirectory(`${this.#base.directory}/${path}`);
  }

  /** Where nothing shows through, what is in the way is only looked for when it is met. */
  async #place(directory: OpenDirectory, name: string, file: LandedFile): Promise<void> {
    if (directory.isFresh && file.kind !== 'socket') {
      try {
        await this.#make(directory, name, file, undefined);
        return;
      } catch (error) {
        if (errorCode(error) !== 'EEXIST') throw error;
      }
    }
    const existing = directory.kindOf(name);
    if (this.#placement.replacesOthers === true && (existing === 'dir') !== (file.kind === 'dir')) {
      if (existing === 'dir') directory.clearTree(name);
      else directory.clear(name);
      return this.#make(directory, name, file, undefined);
    }
    if (file.kind === 'dir' && existing === 'other')
      throw conflict(`cannot copy to non-directory: ${this.#shown(file)}`);
    if (file.kind !== 'dir' && existing === 'dir')
      throw conflict(`cannot replace to directory ${this.#shown(file)} with file`);
    if (existing !== 'dir') directory.clear(name);
    await this.#make(directory, name, file, existing);
  }

  /** What is there is at most a directory, for a directory. @throws EEXIST otherwise */
  async #make(
    directory: OpenDirectory,
    name: string,
    file: LandedFile,
    existing: NameKind | undefined,
  ): Promise<void> {
    const target = directory.pathFor(name);
    switch (file.kind) {
      case 'dir': {
        if (existing === undefined) fs.mkdirSync(target);
        this.#directories.push(file);
        const made = this.#open(file.path);
        this.#own(made.ownPath(), file);
        made.close();
        return;
      }
      case 'socket':
        if (existing !== undefined) directory.remove(name);
        return;
      case 'symlink':
        fs.symlinkSync(systemPath(file.linkTarget ?? ''), target);
        break;
      case 'file':
        if (this.#hardLinks?.linkToTwin(file, target) === true) return;
        await this.#makeFile(target, name, file);
        this.#hardLinks?.add(file, target);
        return;
      case 'char-device':
      case 'block-device':
      case 'fifo':
        mknod(target, modeType(file) | 0o600, file.device?.major ?? 0, file.device?.minor ?? 0);
    }
    this.#own(target, file);
    lutimens(target, this.#timeOf(file));
  }

  async #makeFile(target: string | Buffer, name: string, file: LandedFile): Promise<void> {
    const { tree } = this.#placement;
    const donor = isHosted(tree) ? tree.donor?.(file.source) : undefined;
    let outcome: LinkOutcome = 'refused';
    // Invariant: what was linked is not touched any more, it is not this layer's alone.
    if (this.#mayLink && donor !== undefined && this.#linker?.mayLinkAs(name) === true)
      outcome = this.#linker.link(donor, target, this.#attributesOf(file));
    if (outcome === 'linked') return;
    await this.#write(target, file);
    this.#own(target, file);
    lutimens(target, this.#timeOf(file));
    const renews = outcome === 'unlike' && donor?.kind === 'content' ? donor.renew : undefined;
    this.#linker?.addCopy(target, digestOfDonor(donor), renews);
  }

  #attributesOf(file: LandedFile): FileAttributes {
    const { uid, gid } = this.#placement.owner ?? file;
    return { mode: file.mode, uid, gid, mtimeNs: this.#timeOf(file), xattrs: file.xattrs };
  }

  #shown(file: LandedFile): string {
    return `${this.#base.directory.replace(/\/$/, '')}/${this.#base.name ?? file.path}`;
  }

  async #write(target: string | Buffer, file: LandedFile): Promise<void> {
    const { tree } = this.#placement;
    if (isHosted(tree)) {
      this.#copier.copy(tree.hostPath(file.source), target, file);
      return;
    }
    const bytes = await tree.read(file.source, Number.MAX_SAFE_INTEGER);
    if (bytes === undefined)
      throw new NaruError('not-found', 'E_FILE_VANISHED', `${JSON.stringify(`/${file.source}`)}: not found`);
    fs.writeFileSync(target, bytes, { flag: 'wx', mode: file.mode });
  }

  /** Owner before mode: chown(2) takes setuid bits away. What is new belongs to root, unless its directory hands its group down. */
  #own(target: string | Buffer, file: LandedFile): void {
    const { uid, gid } = this.#placement.owner ?? file;
    if (uid !== 0 || gid !== 0 || this.#handsGroupDown || file.kind === 'dir')
      fs.lchownSync(target, uid, gid);
    const hasMode = file.kind === 'file' && (file.mode & (this.#umask | 0o7000)) === 0;
    if (file.kind !== 'symlink' && !hasMode) fs.chmodSync(target, file.mode);
    for (const [name, value] of file.xattrs ?? []) lsetxattr(target, name, value);
  }

  #timeOf(file: LandedFile): bigint {
    return this.#placement.timeNs ?? file.mtimeNs;
  }

  #stampDirectory(path: string, timeNs: bigint): void {
    const directory = this.#open(path);
    lutimens(directory.ownPath(), timeNs);
    directory.close();
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
