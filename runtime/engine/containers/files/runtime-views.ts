/** What the runtime mounts into a container that runs: no files of it, and nothing that Docker copies. */

import * as fs from 'node:fs';

/** Magic numbers of proc, sysfs, cgroup, cgroup2, devpts and mqueue (statfs(2)). */
const KERNEL_FILE_SYSTEMS: ReadonlySet<number> = new Set([
  0x9fa0, 0x62656572, 0x27e0eb, 0x63677270, 0x1cd1, 0x19800202,
]);

/** The kernel's own views: their files have other contents than sizes. */
export function isOfKernel(directory: string | Buffer): boolean {
  return KERNEL_FILE_SYSTEMS.has(fs.statfsSync(directory).type);
}

/** Such a view, or the devices that a container is given: Docker finds nothing in either (28.5.2, measured). `root`: of the container. */
export function isRuntimeView(directory: string, root: string): boolean {
  return isOfKernel(directory) || isDevices(directory, root);
}

function isDevices(directory: string, root: string): boolean {
  const given = fs.statSync(`${root}/dev`, { throwIfNoEntry: false });
  const own = fs.statSync(root);
  return given !== undefined && given.dev !== own.dev && fs.statSync(directory).dev === given.dev;
}
