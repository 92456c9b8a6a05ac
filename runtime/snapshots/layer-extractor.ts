/**
 * Extracts a layer tar into the upper directory of a snapshot: synchronous, for a worker thread.
 * Archives are hostile until proven otherwise: every path goes through runtime/host/resolve-in-root.ts, `..` and links that leave the root are refused,
 * and attributes that steer overlayfs are dropped. Members replace earlier ones as in Docker (moby pkg/archive/diff.go, v28).
 */

import * as fs from 'node:fs';

import { NaruError } from '../../core/errors.ts';
import type { TarEntry } from '../../core/tar/entry.ts';
import type { TarSink } from '../../core/tar/parser.ts';
import { decodePath } from '../../core/tar/path-bytes.ts';
import { classifyLayerPath } from '../../core/tar/whiteout.ts';
import { errorCode } from '../../local/error-code.ts';
import { openRoot, resolveDirectoryInRoot, type ResolvedPath } from '../host/resolve-in-root.ts';
import { linkNoFollow, lsetxattr, lutimens, mknod } from '../host/syscalls.ts';
import { ContentSpill } from './content-spill.ts';
import type { RecipeWriter } from './layer-recipe.ts';
import * as overlay from './overlay-files.ts';

export interface ExtractorOptions {
  /** Existing, empty directory. */
  readonly root: string;
  /** Upper directories of the layers below, topmost first; missing parent directories take their attributes from there. */
  readonly lowers: readonly string[];
  readonly namespace: overlay.XattrNamespace;
  readonly recipe: RecipeWriter;
  /** Made when needed; see layer-recipe.ts. */
  readonly spillDirectory: string;
}

/** A sink for the tar parser. `finish` after the archive's end; `close` in any case. */
export class LayerExtractor implements TarSink {
  /** Sum of the sizes of the regular files. */
  sizeBytes = 0;
  private readonly options: ExtractorOptions;
  private readonly root: ResolvedPath;
  private readonly lower: overlay.MergedDirectory;
  private readonly spill: ContentSpill;
  /** Modification times of directories, set last because extracting into one changes it. */
  private readonly directoryTimes = new Map<string, bigint>();
  /** The parent of the latest member; members of one directory mostly come together. */
  private parent: Parent | undefined;
  /** The root's own path, as the kernel names it. */
  private readonly rootPath: string;
  /** What this layer hides of those below, applied last: members may still come to the same place. Paths without links. */
  private readonly whiteouts = new Set<string>();
  private readonly opaque = new Set<string>();
  private file: { readonly fd: number; readonly at: string | Buffer; readonly entry: TarEntry } | undefined;

  constructor(options: ExtractorOptions) {
    this.options = options;
    this.root = openRoot(options.root);
    this.rootPath = realPath(this.root);
    this.lower = { layers: options.lowers };
    this.spill = new ContentSpill(options.spillDirectory);
  }

  framing(bytes: Uint8Array): void {
    this.options.recipe.framing(bytes);
  }

  entry(entry: TarEntry): void {
    const path = normalisedPath(entry.path);
    if (entry.uid > MAX_OWNER || entry.gid > MAX_OWNER)
      throw refusal(`owner of ${JSON.stringify(entry.path)} is too large`);
    const name = classifyLayerPath(path);
    // Content of a marker or an ignored member is no file of the snapshot; it is kept beside the recipe.
    if (name.kind !== 'plain' && entry.sizeBytes > 0) this.openSpilledContent(entry);
    switch (name.kind) {
      case 'plain':
        return path === '' ? this.setRoot(entry) : this.put(path, entry);
      case 'whiteout':
        return this.whiteOut(name.path);
      case 'opaque':
        return this.markOpaque(name.directory);
      case 'ignored':
        return undefined;
    }
  }

  content(chunk: Uint8Array): void {
    if (this.file === undefined) return;
    for (let at = 0; at < chunk.length; ) at += fs.writeSync(this.file.fd, chunk, at);
  }

  entryEnd(): void {
    if (this.file === undefined) return;
    const { fd, at, entry } = this.file;
    fs.fchownSync(fd, entry.uid, entry.gid);
    fs.fchmodSync(fd, entry.mode);
    fs.closeSync(fd);
    this.file = undefined;
    setXattrs(at, entry);
    lutimens(at, entry.mtimeNs);
  }

  /** Hides the layers below where the whole root is opaque, and sets the times of directories. */
  finish(): void {
    this.hideLowers();
    for (const [path, mtimeNs] of this.directoryTimes) {
      const [directory, name] = splitPath(path);
      lutimens(this.locate(directory, name).at, mtimeNs);
    }
  }

  close(): void {
    if (this.file !== undefined) fs.closeSync(this.file.fd);
    this.parent?.handle.close();
    this.root.close();
  }

  private put(path: string, entry: TarEntry): void {
    const [directory, name] = splitPath(path);
    const { at, real } = this.locate(directory, name);
    const make = (): void => this.make(at, real, entry);
    try {
      make();
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw asRefusal(error, entry.path);
      this.replace(at, path, real, entry, make);
    }
    if (entry.kind === 'file') return;
    if (entry.kind === 'dir') this.directoryTimes.set(real, entry.mtimeNs);
    if (entry.kind !== 'hardlink') this.setAttributes(at, entry);
  }

  /** Something is there already: a directory stays for a directory, all else gives way. */
  private replace(at: string | Buffer, path: string, real: string, entry: TarEntry, make: () => void): void {
    const existing = fs.lstatSync(at);
    if (existing.isDirectory() && entry.kind === 'dir') return;
    // A hard link to itself asks for nothing.
    if (entry.kind === 'hardlink' && normalisedPath(entry.linkTarget ?? '') === path) return;
    this.sizeBytes -= this.spill.keepBeforeRemoval(at);
    fs.rmSync(at, { recursive: true });
    // The latest parent may have been reached through the link that was just removed. Not below a directory: there it is the handle in use.
    if (!path.includes('/')) this.forgetParent();
    if (existing.isDirectory()) this.forgetDirectory(real);
    try {
      make();
    } catch (error) {
      throw asRefusal(error, entry.path);
    }
  }

  private make(at: string | Buffer, path: string, entry: TarEntry): void {
    switch (entry.kind) {
      case 'file':
        return this.makeFile(at, path, entry);
      case 'dir':
        return fs.mkdirSync(at, 0o700);
      case 'symlink':
        return fs.symlinkSync(overlay.systemPath(entry.linkTarget ?? ''), at);
      case 'hardlink':
        return this.makeHardLink(at, entry);
      case 'fifo':
        return mknod(at, fs.constants.S_IFIFO | 0o600, 0, 0);
      case 'char-device':
        return this.makeDevice(at, fs.constants.S_IFCHR, entry);
      case 'block-device':
        return this.makeDevice(at, fs.constants.S_IFBLK, entry);
    }
  }

  private makeFile(at: string | Buffer, path: string, entry: TarEntry): void {
    const flags =
      fs.constants.O_WRONLY | fs.constants.O_CREAT | fs.constants.O_EXCL | fs.constants.O_NOFOLLOW;
    const fd = fs.openSync(at, flags, 0o600);
    this.file = { fd, at, entry };
    this.sizeBytes += entry.sizeBytes;
    if (entry.sizeBytes === 0) return;
    this.spill.remember(fs.fstatSync(fd), this.options.recipe.content(path, entry.sizeBytes));
  }

  private makeHardLink(at: string | Buffer, entry: TarEntry): void {
    const target = normalisedPath(entry.linkTarget ?? '');
    if (target === '') throw refusal(`hard link ${JSON.stringify(entry.path)} to the root`);
    const [directory, name] = splitPath(target);
    const parent = resolveDirectoryInRoot(this.root, overlay.systemPath(directory), 'beneath');
    try {
      linkNoFollow(overlay.joinPath(parent.path, name), at);
    } finally {
      parent.close();
    }
  }

  private makeDevice(at: string | Buffer, type: number, entry: TarEntry): void {
    try {
      mknod(at, type | 0o600, entry.device?.major ?? 0, entry.device?.minor ?? 0);
    } catch (error) {
      // A user namespace may not make devices; Docker leaves them out there as well.
      if (errorCode(error) !== 'EPERM' || this.options.namespace !== 'user') throw error;
      fs.closeSync(fs.openSync(at, 'wx', 0o600));
    }
  }

  private setRoot(entry: TarEntry): void {
    if (entry.kind !== 'dir') throw refusal(`member ${JSON.stringify(entry.path)} is not a directory`);
    const at = `${this.root.path}/.`;
    this.setAttributes(at, entry);
    this.directoryTimes.set('.', entry.mtimeNs);
  }

  private setAttributes(at: string | Buffer, entry: TarEntry): void {
    fs.lchownSync(at, entry.uid, entry.gid);
    if (entry.kind !== 'symlink') fs.chmodSync(at, entry.mode);
    setXattrs(at, entry);
    if (entry.kind !== 'dir') lutimens(at, entry.mtimeNs);
  }

  private whiteOut(path: string): void {
    const [directory, name] = splitPath(path);
    this.whiteouts.add(this.locate(directory, name).real);
  }

  private markOpaque(directory: string): void {
    this.opaque.add(directory === '' ? '' : splitPath(this.locate(directory, '.').real)[0]);
  }

  /** A whiteout is about the layers below: what this layer brings itself stays. */
  private hideLowers(): void {
    const { namespace } = this.options;
    // overlayfs does not look at the root's own opaque mark.
    const below = overlay.mergedChildren(this.lower, namespace).map(({ name }) => name);
    for (const name of this.opaque.has('') ? below : []) this.whiteouts.add(name);
    const nested = [...this.opaque, ...this.whiteouts].filter(
      (path) => path !== '' && !this.isHiddenAbove(path),
    );
    for (const path of nested) {
      const [directory, name] = splitPath(path);
      // overlayfs shows a whiteout that hides nothing as the device it is.
      const parent = overlay.mergedDirectoryAt(this.lower, directory, namespace);
      const hidden = parent && overlay.mergedChild(parent, name, namespace);
      if (hidden === undefined) continue;
      const { at } = this.locate(directory, name);
      const existing = overlay.lstatIfPresent(at);
      if (existing === undefined) overlay.makeWhiteout(at);
      else if (existing.isDirectory()) overlay.makeOpaque(at, namespace);
    }
  }

  /** Nothing of the layers below shows in a directory above, so there is nothing left to hide. */
  private isHiddenAbove(path: string): boolean {
    for (let at = splitPath(path)[0]; at !== ''; at = splitPath(at)[0]) {
      if (this.opaque.has(at) || this.whiteouts.has(at)) return true;
    }
    return false;
  }

  private openSpilledContent(entry: TarEntry): void {
    const ordinal = this.options.recipe.content('', entry.sizeBytes);
    const at = this.spill.pathFor(ordinal);
    this.file = { fd: fs.openSync(at, 'wx', 0o600), at, entry: { ...entry, uid: 0, gid: 0, mode: 0o600 } };
  }

  /** A file by its directory, which is made when it is missing. `real` is its path without symbolic links, relative to the root. */
  private locate(directory: string, name: string): { readonly at: string | Buffer; readonly real: string } {
    if (directory === '') return { at: overlay.joinPath(this.root.path, name), real: name };
    if (this.parent?.path !== directory) {
      this.forgetParent();
      const handle = this.openDirectory(directory);
      // Making missing directories opened one of them.
      this.forgetParent();
      const real = realPath(handle).slice(this.rootPath.length + 1);
      this.parent = { path: directory, real, handle };
    }
    const { handle, real } = this.parent;
    return { at: overlay.joinPath(handle.path, name), real: real === '' ? name : `${real}/${name}` };
  }

  private openDirectory(path: string): ResolvedPath {
    try {
      return resolveDirectoryInRoot(this.root, overlay.systemPath(path), 'beneath');
    } catch (error) {
      const code = errorCode(error);
      if (code !== 'ENOENT' && code !== 'ENOTDIR') throw asRefusal(error, path);
    }
    this.makeParent(path);
    try {
      return resolveDirectoryInRoot(this.root, overlay.systemPath(path), 'beneath');
    } catch (error) {
      throw asRefusal(error, path);
    }
  }

  /** The archive has no member for this directory: it looks as it does in the layers below, or plain. */
  private makeParent(path: string): void {
    const [directory, name] = splitPath(path);
    const { at, real } = this.locate(directory, name);
    if (overlay.lstatIfPresent(at) !== undefined) return;
    fs.mkdirSync(at, 0o755);
    const below = overlay.mergedDirectoryAt(this.lower, real, this.options.namespace)?.layers[0];
    const isNew = below === undefined || this.whiteouts.has(real) || this.isHiddenAbove(real);
    const like = isNew ? undefined : fs.statSync(below, { bigint: true });
    fs.chownSync(at, Number(like?.uid ?? 0), Number(like?.gid ?? 0));
    fs.chmodSync(at, Number((like?.mode ?? 0o755n) & 0o7777n));
    this.directoryTimes.set(real, like?.mtimeNs ?? 0n);
  }

  /** The directory and what was in it are gone. */
  private forgetDirectory(path: string): void {
    for (const known of [this.directoryTimes, this.whiteouts, this.opaque]) {
      for (const key of known.keys()) {
        if (key.startsWith(`${path}/`) || (key === path && known !== this.whiteouts)) known.delete(key);
      }
    }
  }

  private forgetParent(): void {
    this.parent?.handle.close();
    this.parent = undefined;
  }
}

interface Parent {
  /** As members name it, and without symbolic links; both relative to the root. */
  readonly path: string;
  readonly real: string;
  readonly handle: ResolvedPath;
}

/** The kernel keeps one value to mean "no owner". */
const MAX_OWNER = 0xfffffffe;

function realPath(handle: ResolvedPath): string {
  return decodePath(fs.readlinkSync(handle.path, { encoding: 'buffer' }));
}

/** Without '.', empty parts and leading slashes; '' is the root. @throws NaruError "invalid-argument" E_LAYER_PATH for `..` */
function normalisedPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw refusal(`path ${JSON.stringify(path)} leaves the layer`);
  return parts.join('/');
}

function splitPath(path: string): readonly [directory: string, name: string] {
  const slash = path.lastIndexOf('/');
  return [path.slice(0, Math.max(slash, 0)), path.slice(slash + 1)];
}

function setXattrs(at: string | Buffer, entry: TarEntry): void {
  for (const [name, value] of entry.xattrs ?? []) {
    if (overlay.isOverlayXattr(name)) continue;
    try {
      lsetxattr(at, name, value);
    } catch (error) {
      // Docker: attributes the file system or the kernel does not take are dropped (moby pkg/archive, createTarFile).
      const code = errorCode(error);
      if (code !== 'ENOTSUP' && code !== 'EPERM') throw error;
    }
  }
}

function refusal(text: string, cause?: unknown): NaruError {
  return new NaruError('invalid-argument', 'E_LAYER_PATH', `invalid layer: ${text}`, { cause });
}

/** Errors that the archive's own shape causes are its fault, not ours. */
function asRefusal(error: unknown, path: string): unknown {
  const code = errorCode(error);
  const isArchives = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EPERM', 'EINVAL', 'EISDIR', 'EMLINK'];
  if (code === 'E_PATH_ESCAPE' || isArchives.includes(code)) {
    return refusal(`member ${JSON.stringify(path)} cannot be extracted (${code})`, error);
  }
  return error;
}
