/** Where a container is in the control group hierarchies. */

import { join } from 'node:path';

import { clean } from '../create/mount-requests.ts';
import type { ContainerRecord } from '../container.ts';
import type { ContainerParts } from '../parts.ts';

/** `/naru-<engineid>/<id>`, or below `--cgroup-parent`. */
export function cgroupPathOf(parts: ContainerParts, record: ContainerRecord): string {
  const own = record.host.cgroupParent ?? '';
  return join(own === '' ? parts.dirs.cgroupParent : clean(own), record.id);
}
