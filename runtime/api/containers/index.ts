/** Endpoints of containers. */

import type { Endpoint } from '../endpoint.ts';
import { containerArchiveGet, containerArchivePut, containerArchiveStat } from './archive.ts';
import { containerAttach } from './attach.ts';
import { containerChanges } from './changes.ts';
import { containerCreate } from './create.ts';
import { containerDelete } from './delete.ts';
import { containerExport } from './export.ts';
import { containerInspect } from './inspect.ts';
import { containerKill } from './kill.ts';
import { containerList } from './list.ts';
import { containerLogs } from './logs.ts';
import { containerPause } from './pause.ts';
import { containerPrune } from './prune.ts';
import { containerRename } from './rename.ts';
import { containerResize } from './resize.ts';
import { containerRestart } from './restart.ts';
import { containerStart } from './start.ts';
import { containerStats } from './stats.ts';
import { containerStop } from './stop.ts';
import { containerTop } from './top.ts';
import { containerUnpause } from './unpause.ts';
import { containerUpdate } from './update.ts';
import { containerWait } from './wait.ts';

export const CONTAINER_ENDPOINTS: readonly Endpoint[] = [
  containerList,
  containerCreate,
  containerPrune,
  containerInspect,
  containerStart,
  containerStop,
  containerRestart,
  containerKill,
  containerPause,
  containerUnpause,
  containerRename,
  containerUpdate,
  containerDelete,
  containerWait,
  containerAttach,
  containerLogs,
  containerTop,
  containerStats,
  containerResize,
  containerChanges,
  containerExport,
  containerArchiveStat,
  containerArchiveGet,
  containerArchivePut,
];
