/** Where the low-level runtime of one engine keeps what is gone after a reboot; all names are derived from the container's id. */

import { join } from 'node:path';

export interface RuntimeDirs {
  /** Below /run, short: the path of an attach socket must stay under 108 bytes (unix(7)). */
  readonly runDir: string;
  /** Directory with `crun`, `conmon` and `tini`. */
  readonly nativeDir: string;
  /** `/naru-<engineid>`; a container's cgroup is `<parent>/<id>`. */
  readonly cgroupParent: string;
}

/** The OCI bundle of a container, which is conmon's directory as well: config.json, attach, ctl, conmon.pid. */
export function bundleDir(dirs: RuntimeDirs, id: string): string {
  return join(dirs.runDir, 'c', id.slice(0, 12));
}

export function execDir(dirs: RuntimeDirs, execId: string): string {
  return join(dirs.runDir, 'e', execId.slice(0, 12));
}

/** conmon leaves `<id>` with the decimal exit code here. */
export function exitDir(dirs: RuntimeDirs): string {
  return join(dirs.runDir, 'exits');
}

export function crunStateDir(dirs: RuntimeDirs): string {
  return join(dirs.runDir, 'crun');
}

export function crunPath(dirs: RuntimeDirs): string {
  return join(dirs.nativeDir, 'crun');
}

export function conmonPath(dirs: RuntimeDirs): string {
  return join(dirs.nativeDir, 'conmon');
}

export function initPath(dirs: RuntimeDirs): string {
  return join(dirs.nativeDir, 'tini');
}
