/** The parts of the engine the endpoints work on; the composition root fills them in. */

import { NaruError } from '../../core/errors.ts';
import type { Builds } from '../build/builds.ts';
import type { Containers } from '../engine/containers/containers.ts';
import type { Events } from '../engine/events/events.ts';
import type { ImageStore } from '../engine/images/image-store.ts';
import type { Networks } from '../engine/networks/networks.ts';
import type { SystemReport } from '../engine/system/report.ts';
import type { Snapshotter } from '../snapshots/snapshotter.ts';
import type { Volumes } from '../engine/volumes/volumes.ts';

export interface ApiParts {
  readonly system: SystemReport;
  readonly containers: Containers;
  readonly images: ImageStore;
  readonly networks: Networks;
  readonly snapshots: Snapshotter;
  readonly volumes: Volumes;
  readonly events: Events;
  readonly builds: Builds;
}

/** What endpoints answer for a feature of Docker that Naru lacks. */
export function unimplemented(feature: string, hint?: string): NaruError {
  const message = `${feature} is not implemented by this engine`;
  return new NaruError('unimplemented', 'E_UNIMPLEMENTED', message, hint === undefined ? {} : { hint });
}
