/** Volumes as the engine knows them -> Docker's. */

import type { VolumeBody } from '../../../core/engine-api/volumes.ts';
import type { Volume } from '../../engine/volumes/volumes.ts';

/** How Docker marks a volume it named itself; `docker volume prune` looks for it. */
const ANONYMOUS_LABEL = 'com.docker.volume.anonymous';

export function volumeBody(
  volume: Volume,
  usage?: { readonly Size: number; readonly RefCount: number },
): VolumeBody {
  const labels = volume.isAnonymous ? { ...volume.labels, [ANONYMOUS_LABEL]: '' } : volume.labels;
  return {
    // Docker: whole seconds (28.5.2).
    CreatedAt: volume.createdAt.toISOString().replace(/\.\d+Z$/, 'Z'),
    Driver: volume.driver,
    Labels: Object.keys(labels).length === 0 ? null : labels,
    Mountpoint: volume.mountpoint,
    Name: volume.name,
    Options: Object.keys(volume.options).length === 0 ? null : volume.options,
    Scope: 'local',
    ...(usage === undefined ? {} : { UsageData: usage }),
  };
}
