/** Endpoints that Docker's API lacks; what they say to each other is declared in core/protocol. */

import type { Endpoint } from '../endpoint.ts';
import { agentPark } from './agent-park.ts';
import { buildArchive } from './build-archive.ts';
import { buildCache } from './build-cache.ts';
import { buildCancel } from './build-cancel.ts';
import { buildEvents } from './build-events.ts';
import { buildFiles } from './build-files.ts';
import { buildLayer } from './build-layer.ts';
import { buildList } from './build-list.ts';
import { buildStart } from './build-start.ts';
import { cacheReceive } from './cache-receive.ts';
import { cacheResolve } from './cache-resolve.ts';
import { contextArchive } from './context-archive.ts';
import { contextCreate } from './context-create.ts';
import { contextFiles } from './context-files.ts';
import { contextInspect } from './context-inspect.ts';
import { contextLook } from './context-look.ts';
import { contextOpen } from './context-open.ts';
import { contextSession } from './context-session.ts';
import { imageResolve } from './image-resolve.ts';

export const NARU_ENDPOINTS: readonly Endpoint[] = [
  buildStart,
  buildList,
  buildEvents,
  buildCancel,
  buildLayer,
  buildCache,
  buildFiles,
  buildArchive,
  cacheReceive,
  cacheResolve,
  imageResolve,
  contextSession,
  contextCreate,
  contextInspect,
  contextArchive,
  contextLook,
  contextOpen,
  contextFiles,
  agentPark,
];
