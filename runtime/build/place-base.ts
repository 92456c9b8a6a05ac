/** Where files land: the directory, made with its parents where it is not there yet, and the name of a file that is put beside no others. */

import type { LandedFiles } from '../../core/build/landed-files.ts';
import type { FileTree } from '../../core/context/file-tree.ts';
import { NaruError } from '../../core/errors.ts';
import { errorCode } from '../../local/error-code.ts';
import type { RootFiles } from '../snapshots/root-files.ts';
import {
  E_END_NOT_DIRECTORY,
  MAX_LINKS,
  makeDirectoriesIn,
  type Owner,
  tooManyLinks,
} from './make-directories.ts';

/** Where `landed` files of `tree` go. */
export interface Placement {
  readonly root: RootFiles;
  /** Absolute in the root. */
  readonly destination: string;
  readonly landed: LandedFiles;
  readonly tree: FileTree;
  /** `--chown`, resolved: for every file and for directories that are made on the way. */
  readonly owner?: Owner;
  /** Of directories that are made on the way; default 0755. */
  readonly directoryMode?: number;
  /** Times are set to it instead of the source's, in nanoseconds since the epoch. */
  readonly timeNs?: bigint;
  /** As a layer lies over another: what is no directory takes the place of one, and the reverse. */
  readonly replacesOthers?: boolean;
  readonly signal?: AbortSignal;
}

/** The directory files land in, and the name of a file that lands at the destination itself. */
export interface PlaceBase {
  readonly directory: string;
  readonly name: string | undefined;
}

/** @throws NaruError "invalid-argument" E_COPY_CONFLICT, E_NOT_DIRECTORY, E_END_NOT_DIRECTORY, E_LINKS in BuildKit's words */
export function placeBase(placement: Placement): PlaceBase {
  const { root, landed, owner, timeNs, directoryMode: mode } = placement;
  const isInside = landed.landing === 'inside';
  const destination = isInside ? placement.destination : followLinks(root, placement.destination);
  const isBelow = isInside || (landed.landing === 'open' && isDirectory(root, destination));
  if (landed.isFileFirst === true && !isDirectory(root, destination)) throw notInto(root, destination);
  const slash = destination.lastIndexOf('/');
  const directory = isBelow ? destination : destination.slice(0, slash);
  try {
    makeDirectoriesIn(root, directory, { owner: owner ?? { uid: 0, gid: 0 }, timeNs, mode });
  } catch (error) {
    // Docker: a directory that is copied onto a file is met by the copy itself.
    const isDirectoryOntoFile = isInside && !landed.files.every((file) => file.isNamedFile);
    if (!isDirectoryOntoFile || errorCode(error) !== E_END_NOT_DIRECTORY) throw error;
    throw notInto(root, directory, error);
  }
  return { directory, name: isBelow ? undefined : destination.slice(slash + 1) };
}

function notInto(root: RootFiles, destination: string, cause?: unknown): NaruError {
  const message = `cannot copy to non-directory: ${followLinks(root, destination)}`;
  return new NaruError('invalid-argument', 'E_COPY_CONFLICT', message, { cause });
}

/** A destination that is a link stands for what it points to, even when nothing is there yet. */
function followLinks(root: RootFiles, destination: string): string {
  let at = destination;
  for (let n = 0; n < MAX_LINKS; n += 1) {
    const target = root.readLink(at);
    if (target === undefined) return at;
    at = target.startsWith('/') ? target : `${at.slice(0, at.lastIndexOf('/'))}/${target}`;
  }
  throw tooManyLinks();
}

function isDirectory(root: RootFiles, path: string): boolean {
  try {
    root.openDirectory(path).close();
    return true;
  } catch {
    return false;
  }
}
