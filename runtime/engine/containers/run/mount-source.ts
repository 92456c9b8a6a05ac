/** Where the files of a bind or a volume are when a container starts. Docker: `-v` makes a missing directory on the host, and so does `--volumes-from`; `--mount` refuses (dockerd 28.5.2). */

import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

import { isErrorKind, NaruError } from '../../../../core/errors.ts';
import { makeFolder } from '../../../../local/make-folder.ts';
import type { ContainerRecord, MountPoint } from '../container.ts';
import { clean } from '../create/mount-requests.ts';
import { missingSource } from '../create/resolve-mounts.ts';

/** Before a start changes anything: Docker leaves such a container as it was, without an error in its state. @throws invalid-argument */
export function checkSources(record: ContainerRecord): void {
  const missing = record.mounts.find((mount) => needsSource(record, mount) && !existsSync(mount.source));
  if (missing !== undefined) throw missingSource(missing.source);
}

/** The directory or file to bind. @throws invalid-argument when it is not there and must be, or cannot be made */
export function sourceOf(record: ContainerRecord, mount: MountPoint): string {
  if (!existsSync(mount.source)) {
    if (needsSource(record, mount)) throw missingSource(mount.source);
    makeSource(mount.source);
  }
  if (mount.subpath === undefined) return mount.source;
  const wanted = join(mount.source, clean(mount.subpath));
  if (!existsSync(wanted)) {
    // Docker: its CLI knows exit code 127 by these words.
    const message = `cannot access path ${wanted}: lstat ${wanted}: no such file or directory`;
    throw new NaruError('invalid-argument', 'E_MOUNT', message);
  }
  const path = realpathSync(wanted);
  if (path.startsWith(`${realpathSync(mount.source)}/`)) return path;
  const message = `invalid mount config for type "volume": subpath ${mount.subpath} leaves the volume`;
  throw new NaruError('invalid-argument', 'E_MOUNT', message);
}

function needsSource({ host }: ContainerRecord, { destination }: MountPoint): boolean {
  const asked = host.mounts?.find(({ target }) => clean(target) === destination);
  return asked?.type === 'bind' && asked.bind?.createMountpoint !== true;
}

/** Docker: these words (dockerd 28.5.2, `-v /proc/nope:/x`), by which its CLI knows exit code 127. */
function makeSource(path: string): void {
  try {
    makeFolder(path);
  } catch (cause) {
    if (!isErrorKind(cause, 'unavailable')) throw cause;
    const reason = cause.message.split(': ').at(-1) ?? '';
    const message = `error while creating mount source path '${path}': mkdir ${path}: ${reason}`;
    throw new NaruError('invalid-argument', 'E_MOUNT', message, { cause });
  }
}
