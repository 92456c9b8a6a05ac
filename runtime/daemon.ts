/**
 * The composition root: makes the engine's parts in order, and takes them apart in the opposite order.
 * Stopping leaves containers running; the next engine on the same root takes them over.
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { ENDPOINTS } from './api/endpoints.ts';
import { makeHttpServer } from './api/http.ts';
import { missingPart } from './api/missing-part.ts';
import type { ApiParts } from './api/parts.ts';
import { Events } from './engine/events/events.ts';
import { systemReport } from './engine/system/report.ts';
import { openLog } from './log.ts';
import type { EngineOptions } from './options.ts';
import { lockRoot } from './store/root-lock.ts';
import { listenOnSocket, removeIfThere } from './socket.ts';

export interface Daemon {
  /** Closes the socket and every part; containers keep running. */
  stop(): Promise<void>;
}

/** Starts an engine and answers once its socket does. @throws conflict when the root or the socket is taken */
export async function startDaemon(options: EngineOptions): Promise<Daemon> {
  mkdirSync(options.root, { recursive: true, mode: 0o711 });
  const lock = lockRoot(options.root);
  const log = openLog(join(options.root, 'engine.log'), (line) => process.stderr.write(line));
  const events = new Events();
  const parts: ApiParts = {
    system: systemReport({ root: options.root, registryMirrors: options.registryMirrors }),
    containers: missingPart('containers'),
    images: missingPart('images'),
    snapshots: missingPart('snapshots'),
    volumes: missingPart('volumes'),
    events,
    networkIdOf: () => '',
  };
  const server = makeHttpServer(ENDPOINTS, parts, log);
  await listenOnSocket(server, options.socketPath, options.socketOwner);
  log.info(`listening on ${options.socketPath}, pid ${process.pid}`);
  return {
    stop: async () => {
      removeIfThere(options.socketPath);
      server.close();
      server.closeAllConnections();
      log.info('stopped');
      lock.release();
    },
  };
}
